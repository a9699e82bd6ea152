import type { Snowflake } from "@guildwire/discord-wire";
import { type Change, changed, refused, visiblyAt } from "../change.ts";
import type { Dispatch } from "../dispatch.ts";
import { isoTime } from "../iso-time.ts";
import type { Member, World } from "../world.ts";
import type { Message } from "./message.ts";
import { exchangeMessage, findMessage, postMessage } from "./message-change.ts";

/** Pinned messages of a channel: at most 250 (error 30003). */
export const PINS_MAX = 250;
const PIN_NOTICE = 6;

/** Newest pin first. */
export function pinsOf(messages: readonly Message[]): readonly Message[] {
  return messages
    .filter(({ more }) => more?.pinnedAt !== undefined)
    .toSorted((a, b) => ((a.more?.pinnedAt ?? "") < (b.more?.pinnedAt ?? "") ? 1 : -1));
}

/** MESSAGE_UPDATE, CHANNEL_PINS_UPDATE, and the notice in the channel. */
export function pinMessage(
  world: World,
  where: { readonly channelId: Snowflake; readonly messageId: Snowflake },
  by: Member,
  atMs: number,
): Change {
  const found = findMessage(world, where);
  if (!found.ok) return found.refusal;
  const { place, message } = found;
  if (message.more?.pinnedAt !== undefined) return changed(world);
  if (pinsOf(world.messages.get(place.id) ?? []).length >= PINS_MAX) {
    return refused("messageId", `would be pin ${PINS_MAX + 1} of the channel`);
  }
  const pinnedAt = isoTime(atMs);
  const pinned = exchangeMessage(world, place, { ...message, more: { ...message.more, pinnedAt } });
  if (!pinned.ok) return pinned;
  const update = visiblyAt(pinned.world, place, pinsUpdate(world, place.id, pinnedAt));
  const reference = {
    type: 0,
    channelId: place.id,
    messageId: message.id,
    guildId: world.guild.id,
  } as const;
  const more = { type: PIN_NOTICE, reference };
  const notice = postMessage(
    pinned.world,
    { channelId: place.id, author: by, content: "", mentions: [], more },
    atMs,
  );
  if (!notice.ok) return notice;
  return changed(notice.world, ...pinned.dispatches, ...update, ...notice.dispatches);
}

export function unpinMessage(
  world: World,
  where: { readonly channelId: Snowflake; readonly messageId: Snowflake },
): Change {
  const found = findMessage(world, where);
  if (!found.ok) return found.refusal;
  const { place, message } = found;
  if (message.more?.pinnedAt === undefined) return changed(world);
  const more = { ...message.more, pinnedAt: undefined };
  const unpinned = exchangeMessage(world, place, { ...message, more });
  if (!unpinned.ok) return unpinned;
  const last = pinsOf(unpinned.world.messages.get(place.id) ?? [])[0]?.more?.pinnedAt ?? null;
  const update = visiblyAt(unpinned.world, place, pinsUpdate(world, place.id, last));
  return changed(unpinned.world, ...unpinned.dispatches, ...update);
}

function pinsUpdate(world: World, channelId: Snowflake, lastPinAt: string | null): Dispatch {
  return {
    t: "CHANNEL_PINS_UPDATE",
    d: { guild_id: world.guild.id, channel_id: channelId, last_pin_timestamp: lastPinAt },
  };
}
