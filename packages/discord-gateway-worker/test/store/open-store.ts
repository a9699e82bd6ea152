import type { LogEntry } from "@guildwire/delivery";
import type { Happening } from "@guildwire/events";
import { onTestFinished } from "vitest";
import { GUILD_STREAM } from "../../src/guild-delivery.ts";
import { type StoreIdentity, WorkerStore } from "../../src/store/worker-store.ts";

export const IDENTITY: StoreIdentity = { token: "token", intents: 129, guildId: "100" };
export const NOW = "2026-11-21T09:00:00.000Z";

export function status(status: "live" | "resync"): Happening {
  return { type: "source.status", data: { status, since: NOW } };
}

/** A store with the guild's stream, that is closed when the test is over. */
export async function openStore(directory: string, identity = IDENTITY): Promise<WorkerStore> {
  const store = WorkerStore.open(directory, identity);
  onTestFinished(async () => {
    try {
      await store.close();
    } catch {
      // The test closed it itself.
    }
  });
  const stream = GUILD_STREAM(identity.guildId);
  await store.commit([{ op: "open", stream, epoch: `epoch${identity.guildId}`, cursors: [] }], {
    durable: true,
  });
  return store;
}

/** A change that appends these events to the guild's stream. */
export function appending(guildId: string, happenings: readonly Happening[], nowIso = NOW) {
  const entries = happenings.map(({ type, data }) => ({
    type,
    timestamp: nowIso,
    data: JSON.stringify(data),
  }));
  return { op: "append", stream: guildId, entries } as const;
}

export function logOf(
  store: WorkerStore,
  guildId = IDENTITY.guildId,
  afterSeq = 0,
): Promise<readonly LogEntry[]> {
  return store.read(guildId, afterSeq, 1_000);
}
