/** Delivery as the worker uses it: its receivers, the guild's stream, and how that stream is described again. */
import {
  createPost,
  Delivery,
  type DeliveryEvents,
  type DeliveryStore,
  type NewEntry,
  type StreamDefinition,
  type StreamOwner,
} from "@guildwire/delivery";
import type { Happening } from "@guildwire/events";
import { systemClock } from "@guildwire/runtime";
import type { Config } from "./config.ts";
import { isSnapshot } from "./guild/snapshot-part.ts";
import { newEpoch } from "./store/worker-store.ts";

/** Rooms and voice of a guild. */
export const GUILD_STREAM = (guildId: string): StreamDefinition => ({
  id: guildId,
  kind: "state",
  family: "rooms",
  lane: "state",
});

/** Events as entries of a log. */
export function entriesOf(happenings: readonly Happening[], timestamp: string): readonly NewEntry[] {
  return happenings.map(({ type, data }) => ({ type, timestamp, data: JSON.stringify(data) }));
}

export interface GuildDeliveryOptions {
  readonly store: DeliveryStore;
  readonly config: Pick<Config, "guildId" | "receivers" | "proxies" | "outbox" | "token">;
  /** Missing where nothing is sent: in commands on a stopped worker's store. */
  readonly owner?: Pick<StreamOwner, "resnapshot" | "status">;
  readonly events?: DeliveryEvents;
}

const NOTHING_TO_DESCRIBE: Pick<StreamOwner, "resnapshot" | "status"> = {
  resnapshot: () => Promise.resolve(null),
  status: () => null,
};
const NO_EVENTS: DeliveryEvents = {
  attempt: () => undefined,
  parked: () => undefined,
  jumped: () => undefined,
  newEpoch: () => undefined,
  fenced: () => undefined,
  stopped: () => undefined,
  removed: () => undefined,
  failed: () => undefined,
};

/** Resolves once everything stored is read; nothing is sent before `start`. */
export async function openDelivery({
  store,
  config: { guildId, receivers, proxies, outbox, token },
  owner = NOTHING_TO_DESCRIBE,
  events,
}: GuildDeliveryOptions): Promise<Delivery> {
  const app = applicationId(token.reveal());
  return await Delivery.open({
    store,
    events: events ?? NO_EVENTS,
    // A command may have another environment than the worker.
    forgetsRemoved: events !== undefined,
    clock: systemClock,
    newEpoch,
    owner: {
      resnapshot: (stream, withStatus) => owner.resnapshot(stream, withStatus),
      status: (stream) => owner.status(stream),
      isSnapshot,
      blank: ({ data }) => data,
    },
    shards() {
      const status = owner.status(guildId);
      return status === null ? [] : [{ app, id: 0, of: 1, ...status }];
    },
    receivers: receivers.map(({ name, url, keys, families }) => ({
      name,
      families,
      bounds: outbox,
      connect: () => createPost({ url, keys, proxies }),
    })),
  });
}

/** A token begins with the id of its bot, which is that of its application; `0` when it does not. */
function applicationId(token: string): string {
  const id = Buffer.from(token.split(".")[0] ?? "", "base64").toString("latin1");
  return /^\d{5,20}$/.test(id) ? id : "0";
}
