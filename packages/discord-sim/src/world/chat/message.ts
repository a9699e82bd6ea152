import { type Snowflake, snowflakeAt } from "@guildwire/discord-wire";
import { fractionOf } from "@guildwire/runtime/random";
import { withEntry } from "../change.ts";
import { isoTime } from "../iso-time.ts";
import type { Member } from "../world.ts";
import type { Poll } from "./poll.ts";

/**
 * Messages as plain data, of servers and of direct channels alike. A channel keeps its latest `MESSAGES_KEPT_MAX`;
 * an older one is as good as deleted (Unknown Message), and no event says so.
 */
export interface Message {
  readonly id: Snowflake;
  readonly channelId: Snowflake;
  /** As they were when they wrote it: people leave, their messages stay. */
  readonly author: Member;
  readonly content: string;
  /** ISO 8601, as on the wire. */
  readonly sentAt: string;
  readonly sentAtMs: number;
  readonly editedAt: string | null;
  readonly nonce: string | number | undefined;
  /** As they were given: the stand-in does not look inside. */
  readonly embeds: readonly unknown[];
  readonly flags: number;
  readonly replyTo: Message | undefined;
  /** Pinged people: by `<@id>` in the content, or by being answered. */
  readonly mentions: readonly Member[];
  /** In order of first use. */
  readonly reactions: readonly Reaction[];
  /** What few messages have. */
  readonly more?: MessageMore | undefined;
}

export interface MessageMore {
  /** Discord's message type; without it, 0 or, for an answer, 19. */
  readonly type?: number;
  readonly tts?: boolean;
  readonly mentionRoles?: readonly Snowflake[];
  readonly mentionEveryone?: boolean;
  readonly attachments?: readonly Attachment[];
  /** In Discord's own form. */
  readonly components?: readonly unknown[];
  readonly stickers?: readonly StickerItem[];
  readonly poll?: Poll;
  /** ISO 8601. */
  readonly pinnedAt?: string | undefined;
  readonly webhookId?: Snowflake;
  readonly applicationId?: Snowflake;
  /** `interaction_metadata`, in Discord's own form. */
  readonly interaction?: Readonly<Record<string, unknown>>;
  /** What is forwarded, pinned or was made a thread of; an answer has `replyTo` instead. */
  readonly reference?: MessageReference;
  /** The forwarded message as it was. */
  readonly snapshot?: Message;
  /** People without an account here whom webhooks name; the author's avatar. */
  readonly avatar?: string | null;
}

export interface MessageReference {
  /** 0 reply-like, 1 forward. */
  readonly type: 0 | 1;
  readonly channelId: Snowflake;
  readonly messageId?: Snowflake;
  readonly guildId?: Snowflake;
}

export interface Attachment {
  readonly id: Snowflake;
  readonly filename: string;
  readonly title?: string;
  readonly description?: string;
  readonly contentType: string;
  readonly sizeBytes: number;
  /** Where the file store keeps it: `attachments/<channel>/<id>/<name>`. */
  readonly path: string;
  readonly isEphemeral?: boolean;
  readonly isSpoiler?: boolean;
}

export interface StickerItem {
  readonly id: Snowflake;
  readonly name: string;
  readonly formatType: number;
}

export interface Emoji {
  /** `null` for a Unicode emoji. */
  readonly id: Snowflake | null;
  readonly name: string;
}

export interface Reaction {
  readonly emoji: Emoji;
  readonly userIds: readonly Snowflake[];
}

/** By channel id; oldest first. */
export type MessageLogs = ReadonlyMap<Snowflake, readonly Message[]>;

export const MESSAGES_KEPT_MAX = 200;
export const CONTENT_CHARACTERS_MAX = 2000;
/** Different emojis per message (error 30010). */
export const REACTIONS_MAX = 20;

export interface Draft {
  readonly channelId: Snowflake;
  readonly author: Member;
  readonly content: string;
  readonly mentions: readonly Member[];
  readonly id?: Snowflake | undefined;
  readonly nonce?: string | number | undefined;
  readonly embeds?: readonly unknown[];
  readonly flags?: number;
  readonly replyTo?: Message | undefined;
  readonly more?: MessageMore | undefined;
}

/** Adds a message; the oldest one of the channel gives way when it is full. */
export function withMessage(
  logs: MessageLogs,
  draft: Draft,
  atMs: number,
): { readonly logs: MessageLogs; readonly message: Message } {
  const log = logs.get(draft.channelId) ?? [];
  const { nonce, embeds, flags, replyTo, ...given } = draft;
  const message: Message = {
    ...given,
    id: draft.id ?? nextId(draft.channelId, log, atMs),
    sentAt: isoTime(atMs),
    sentAtMs: atMs,
    editedAt: null,
    nonce,
    embeds: embeds ?? [],
    flags: flags ?? 0,
    replyTo,
    reactions: [],
  };
  const kept = log.length >= MESSAGES_KEPT_MAX ? log.slice(log.length - MESSAGES_KEPT_MAX + 1) : log;
  return { logs: withEntry(logs, draft.channelId, [...kept, message]), message };
}

export function messageIn(logs: MessageLogs, channelId: Snowflake, messageId: string): Message | undefined {
  return logs.get(channelId)?.find(({ id }) => id === messageId);
}

/** The logs with one message exchanged for another of the same id. */
export function withEdited(logs: MessageLogs, edited: Message): MessageLogs {
  const log = logs.get(edited.channelId) ?? [];
  return withEntry(
    logs,
    edited.channelId,
    log.map((message) => (message.id === edited.id ? edited : message)),
  );
}

export function withoutMessages(
  logs: MessageLogs,
  channelId: Snowflake,
  ids: ReadonlySet<Snowflake>,
): MessageLogs {
  const log = logs.get(channelId) ?? [];
  return withEntry(
    logs,
    channelId,
    log.filter(({ id }) => !ids.has(id)),
  );
}

export function withReaction(
  message: Message,
  emoji: Emoji,
  userIds: (before: readonly Snowflake[]) => readonly Snowflake[],
): Message {
  const key = emojiKey(emoji);
  const known = message.reactions.some((reaction) => emojiKey(reaction.emoji) === key);
  const all = known ? message.reactions : [...message.reactions, { emoji, userIds: [] }];
  const changed = all.map((reaction) =>
    emojiKey(reaction.emoji) === key ? { ...reaction, userIds: userIds(reaction.userIds) } : reaction,
  );
  return { ...message, reactions: changed.filter((reaction) => reaction.userIds.length > 0) };
}

export function reactionOf(message: Message, emoji: Emoji): Reaction | undefined {
  return message.reactions.find((reaction) => emojiKey(reaction.emoji) === emojiKey(emoji));
}

/** Discord's own rule for telling emojis apart. */
function emojiKey(emoji: Emoji): string {
  return emoji.id ?? emoji.name;
}

/** A Unicode emoji, or `name:id` (`a:name:id` for a moving one); `undefined` for anything else (error 10014). */
export function emojiOf(text: string): Emoji | undefined {
  const custom = /^(?:a:)?(\w{2,32}):(\d{1,20})$/.exec(text);
  if (custom !== null) return { id: custom[2] as Snowflake, name: custom[1] ?? "" };
  return /^[^\p{ASCII}]/u.test(text) || /^[0-9#*]\uFE0F?\u20E3$/u.test(text)
    ? { id: null, name: text }
    : undefined;
}

/** Ids that `<@id>` in a text pings. */
export function mentionedIds(content: string): ReadonlySet<Snowflake> {
  return new Set([...content.matchAll(/<@!?(\d{1,20})>/g)].map((found) => (found[1] ?? "") as Snowflake));
}

/**
 * An id that tells the time, as bots read it from there, unlike the ids of people and channels, which follow from the
 * seed. Channels differ in the ten bits where Discord puts its machines.
 */
function nextId(channelId: Snowflake, log: readonly Message[], atMs: number): Snowflake {
  const machine = Math.floor(fractionOf(`messages/${channelId}`) * 1024) << 12;
  const first = snowflakeAt(Math.floor(atMs), machine);
  const last = log.at(-1)?.id;
  return last !== undefined && BigInt(last) >= BigInt(first)
    ? ((BigInt(last) + 1n).toString() as Snowflake)
    : first;
}
