import type { Snowflake } from "@guildwire/discord-wire";
import { withEntry } from "../change.ts";
import type { Dispatch } from "../dispatch.ts";
import type { Member } from "../world.ts";
import {
  CONTENT_CHARACTERS_MAX,
  type Draft,
  type Emoji,
  type Message,
  type MessageLogs,
  reactionOf,
  withEdited,
  withMessage,
  withoutMessages,
  withReaction,
} from "./message.ts";
import { wireEmoji, wireMessageEvent } from "./wire-message.ts";

/**
 * Private conversations between the bot and single people. They belong to no server, so their events carry no
 * `guild_id`, go to shard 0, and their content is never blanked.
 */
export interface Directs {
  readonly channels: ReadonlyMap<Snowflake, DirectChannel>;
  readonly messages: MessageLogs;
}

export interface DirectChannel {
  readonly id: Snowflake;
  readonly person: Member;
}

export const NO_DIRECTS: Directs = { channels: new Map(), messages: new Map() };

export type DirectChange =
  | { readonly ok: true; readonly directs: Directs; readonly dispatches: readonly Dispatch[] }
  | { readonly ok: false; readonly field: string; readonly problem: string };

/** The same channel every time, as its id follows from the person's and the bot's. */
export function openDirect(
  directs: Directs,
  person: Member,
  botId: Snowflake,
): { readonly directs: Directs; readonly channel: DirectChannel } {
  const id = (
    BigInt(person.id) +
    DIRECT_ID_OFFSET +
    ((BigInt(botId) >> 22n) % 4096n)
  ).toString() as Snowflake;
  const channel = { id, person };
  return { directs: { ...directs, channels: withEntry(directs.channels, id, channel) }, channel };
}

/** Above the counters of made ids, and below the next millisecond: no other id is there. */
const DIRECT_ID_OFFSET = 1n << 20n;

export function postDirect(directs: Directs, draft: Draft, bot: Member, atMs: number): DirectChange {
  if (draft.content.length > CONTENT_CHARACTERS_MAX) {
    return { ok: false, field: "content", problem: `is longer than ${CONTENT_CHARACTERS_MAX} characters` };
  }
  const { logs, message } = withMessage(directs.messages, draft, atMs);
  return said({ ...directs, messages: logs }, { t: "MESSAGE_CREATE", d: event(message, bot) });
}

export function exchangeDirect(directs: Directs, edited: Message, bot: Member): DirectChange {
  const next = { ...directs, messages: withEdited(directs.messages, edited) };
  return said(next, { t: "MESSAGE_UPDATE", d: event(edited, bot) });
}

export function deleteDirect(directs: Directs, message: Message): DirectChange {
  const { id, channelId } = message;
  const next = { ...directs, messages: withoutMessages(directs.messages, channelId, new Set([id])) };
  return said(next, { t: "MESSAGE_DELETE", d: { id, channel_id: channelId } });
}

/** The bot puts a reaction on a message, or takes it away. */
export function reactInDirect(
  directs: Directs,
  message: Message,
  emoji: Emoji,
  bot: Member,
  isOn: boolean,
): DirectChange {
  const wasOn = reactionOf(message, emoji)?.userIds.includes(bot.id) ?? false;
  if (wasOn === isOn) return { ok: true, directs, dispatches: [] };
  const edited = withReaction(message, emoji, (ids) =>
    isOn ? [...ids, bot.id] : ids.filter((id) => id !== bot.id),
  );
  const next = { ...directs, messages: withEdited(directs.messages, edited) };
  const d = {
    user_id: bot.id,
    channel_id: message.channelId,
    message_id: message.id,
    emoji: wireEmoji(emoji),
    burst: false,
    type: 0,
  };
  return isOn
    ? said(next, { t: "MESSAGE_REACTION_ADD", d: { ...d, message_author_id: message.author.id } })
    : said(next, { t: "MESSAGE_REACTION_REMOVE", d });
}

export function typeInDirect(directs: Directs, channel: DirectChannel, atMs: number): DirectChange {
  return said(directs, {
    t: "TYPING_START",
    d: { channel_id: channel.id, user_id: channel.person.id, timestamp: Math.floor(atMs / 1000) },
  });
}

function event(message: Message, bot: Member): ReturnType<typeof wireMessageEvent> {
  return wireMessageEvent(message, bot.id, undefined);
}

function said(directs: Directs, dispatch: Dispatch): DirectChange {
  return { ok: true, directs, dispatches: [dispatch] };
}
