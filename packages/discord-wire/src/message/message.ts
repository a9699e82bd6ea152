/**
 * Messages as Discord sends them, in creates, updates, history pages, interactions and forwards.
 *
 * - MSG-1 An update is a patch: a field that is absent is unchanged, `null` or `[]` empties it.
 * - MSG-2 `referenced` is `undefined` when Discord did not look the target up, and `null` when it is deleted.
 * - MSG-3 A webhook's author is no account: name and picture belong to the one message.
 *
 * Source: https://discord.com/developers/docs/resources/message#message-object
 */
import { type Decoded, decoded, malformed } from "../decoded.ts";
import { type Emoji, readEmoji } from "../emoji.ts";
import {
  asArray,
  asFlag,
  asId,
  asIds,
  asInteger,
  asObject,
  asString,
  asTime,
  type JsonObject,
  readEach,
} from "../fields.ts";
import { type Snowflake, snowflakeTimeMs } from "../snowflake.ts";
import { type Person, readPerson } from "../user.ts";
import { type Attachment, readAttachment } from "./attachment.ts";
import { type Component, readComponents } from "./component.ts";
import { type Embed, readEmbed } from "./embed.ts";
import { type Poll, readPoll } from "./poll.ts";

/** How many people reacted with one emoji. */
export interface ReactionCount {
  readonly emoji: Emoji;
  /** Normal and super reactions together. */
  readonly count: number;
}

/** 1 PNG, 2 APNG, 3 Lottie, 4 GIF. */
export interface Sticker {
  readonly id: Snowflake;
  readonly name: string;
  readonly format: number;
}

/** What a reply, a forward or a thread's first message points at. */
export interface MessageReference {
  readonly kind: "reply" | "forward";
  readonly guildId: Snowflake | null;
  readonly channelId: Snowflake | null;
  readonly messageId: Snowflake | null;
}

/** The copy of a message inside a forward. It has no author and never changes. */
export interface MessageSnapshot {
  readonly type: number;
  readonly content: string;
  /** ISO 8601. */
  readonly createdAt: string | null;
  readonly editedAt: string | null;
  readonly flags: number;
  readonly mentions: readonly Person[];
  readonly mentionRoles: readonly Snowflake[];
  readonly attachments: readonly Attachment[];
  readonly embeds: readonly Embed[];
  readonly components: readonly Component[];
  readonly stickers: readonly Sticker[];
}

/** The parts of a message that an update may change. */
export interface MessageContent {
  readonly content: string;
  /** ISO 8601; `null` = never edited. A link preview that arrives later is no edit. */
  readonly editedAt: string | null;
  readonly flags: number;
  readonly pinned: boolean;
  readonly mentions: readonly Person[];
  readonly mentionRoles: readonly Snowflake[];
  readonly mentionEveryone: boolean;
  readonly attachments: readonly Attachment[];
  readonly embeds: readonly Embed[];
  readonly components: readonly Component[];
  readonly stickers: readonly Sticker[];
  readonly poll: Poll | null;
  readonly reactions: readonly ReactionCount[];
  /** The thread that was started on this message; its id is the message's. */
  readonly threadId: Snowflake | null;
}

/** A whole message. */
export interface Message extends MessageContent {
  readonly id: Snowflake;
  /** In a thread, the thread's id. */
  readonly channelId: Snowflake;
  /** `null` in a direct message, and in answers of the REST API, which leave it out. */
  readonly guildId: Snowflake | null;
  /** 0 default, 19 reply, 20 command, 21 thread starter; the text of system messages (all others) is the client's. */
  readonly type: number;
  readonly author: Person;
  /** Roles of the author in the guild; `null` where the message came without member data. */
  readonly authorRoles: readonly Snowflake[] | null;
  /** Set when a webhook posted it. */
  readonly webhookId: Snowflake | null;
  readonly applicationId: Snowflake | null;
  /** ISO 8601, from the id. */
  readonly createdAt: string;
  /** What the sender named the message when it created it, if it did. */
  readonly nonce: string | null;
  readonly reference: MessageReference | null;
  readonly referenced?: Message | null;
  readonly snapshots: readonly MessageSnapshot[];
  /** The interaction that this message answers. */
  readonly interaction: {
    readonly id: Snowflake;
    readonly type: number;
    readonly userId: Snowflake | null;
  } | null;
}

/** MESSAGE_UPDATE. */
export interface MessageUpdate {
  readonly id: Snowflake;
  readonly channelId: Snowflake;
  readonly guildId: Snowflake | null;
  /** Absent in the updates that carry embeds or attachments alone. */
  readonly author?: Person;
  /** The fields that Discord sent (MSG-1). */
  readonly patch: Partial<MessageContent>;
}

type FieldReader<T> = {
  readonly key: string;
  readonly read: (message: JsonObject, guildId?: Snowflake) => T;
};

/** Discord's name of each changeable field, and how it is read. */
const CONTENT_FIELDS: { readonly [Field in keyof MessageContent]: FieldReader<MessageContent[Field]> } = {
  content: { key: "content", read: (message) => asString(message["content"]) ?? "" },
  editedAt: { key: "edited_timestamp", read: (message) => asTime(message["edited_timestamp"]) ?? null },
  flags: { key: "flags", read: (message) => asInteger(message["flags"]) ?? 0 },
  pinned: { key: "pinned", read: (message) => asFlag(message["pinned"]) },
  mentions: { key: "mentions", read: readMentions },
  mentionRoles: { key: "mention_roles", read: (message) => asIds(message["mention_roles"]) },
  mentionEveryone: { key: "mention_everyone", read: (message) => asFlag(message["mention_everyone"]) },
  attachments: { key: "attachments", read: (message) => readEach(message["attachments"], readAttachment) },
  embeds: { key: "embeds", read: (message) => readEach(message["embeds"], readEmbed) },
  components: { key: "components", read: (message) => readComponents(message["components"]) },
  stickers: { key: "sticker_items", read: (message) => readEach(message["sticker_items"], readSticker) },
  poll: { key: "poll", read: (message) => readPoll(message["poll"]) },
  reactions: { key: "reactions", read: (message) => readEach(message["reactions"], readReactionCount) },
  threadId: { key: "thread", read: (message) => asId(asObject(message["thread"])?.["id"]) ?? null },
};

const CONTENT_KEYS = Object.keys(CONTENT_FIELDS) as (keyof MessageContent)[];

/**
 * Reads a whole message: MESSAGE_CREATE, or an entry of a page of history.
 *
 * @param guildId for entries that lack `guild_id`, as all answers of the REST API do.
 */
export function decodeMessage(d: unknown, guildId?: Snowflake): Decoded<Message> {
  const message = asObject(d);
  const id = asId(message?.["id"]);
  const channelId = asId(message?.["channel_id"]);
  if (message === undefined || id === undefined) return malformed("message without `id`");
  if (channelId === undefined) return malformed("message without `channel_id`");
  const ownGuildId = asId(message["guild_id"]) ?? guildId;
  const author = readAuthor(message, ownGuildId);
  if (author === undefined) return malformed("message without `author`");
  const referenced = readReferenced(message, ownGuildId);
  const interaction = asObject(message["interaction_metadata"]);
  const interactionId = asId(interaction?.["id"]);
  const member = asObject(message["member"]);
  return decoded({
    id,
    channelId,
    guildId: ownGuildId ?? null,
    type: asInteger(message["type"]) ?? 0,
    author,
    authorRoles: member === undefined ? null : asIds(member["roles"]),
    webhookId: asId(message["webhook_id"]) ?? null,
    applicationId: asId(message["application_id"]) ?? null,
    createdAt: new Date(snowflakeTimeMs(id)).toISOString(),
    nonce: readNonce(message["nonce"]),
    reference: readReference(message["message_reference"]),
    ...(referenced === undefined ? {} : { referenced }),
    snapshots: readEach(message["message_snapshots"], (entry) => readSnapshot(asObject(entry["message"]))),
    interaction:
      interactionId === undefined
        ? null
        : {
            id: interactionId,
            type: asInteger(interaction?.["type"]) ?? 0,
            userId: asId(asObject(interaction?.["user"])?.["id"]) ?? null,
          },
    ...readContent(message, ownGuildId),
  });
}

/** Reads MESSAGE_UPDATE, of which only `id` and `channel_id` are certain (MSG-1). */
export function decodeMessageUpdate(d: unknown): Decoded<MessageUpdate> {
  const message = asObject(d);
  const id = asId(message?.["id"]);
  const channelId = asId(message?.["channel_id"]);
  if (message === undefined || id === undefined) return malformed("message update without `id`");
  if (channelId === undefined) return malformed("message update without `channel_id`");
  const guildId = asId(message["guild_id"]);
  const author = readAuthor(message, guildId);
  const patch: Record<string, unknown> = {};
  for (const field of CONTENT_KEYS) {
    const { key, read } = CONTENT_FIELDS[field];
    if (key in message) patch[field] = read(message, guildId);
  }
  return decoded({
    id,
    channelId,
    guildId: guildId ?? null,
    ...(author === undefined ? {} : { author }),
    patch: patch as Partial<MessageContent>,
  });
}

function readContent(message: JsonObject, guildId: Snowflake | undefined): MessageContent {
  const content: Record<string, unknown> = {};
  for (const field of CONTENT_KEYS) content[field] = CONTENT_FIELDS[field].read(message, guildId);
  return content as unknown as MessageContent;
}

/** The member object beside an author has no `user` in it. */
function readAuthor(message: JsonObject, guildId: Snowflake | undefined): Person | undefined {
  const author = readPerson(asObject(message["author"]), asObject(message["member"]), guildId);
  // MSG-3: a webhook's `bot` flag is absent, and it is no person either way.
  return author !== undefined && "webhook_id" in message ? { ...author, bot: true } : author;
}

function readMentions(message: JsonObject, guildId?: Snowflake): readonly Person[] {
  return readEach(message["mentions"], (user) => readPerson(user, asObject(user["member"]), guildId));
}

function readNonce(value: unknown): string | null {
  return typeof value === "number" ? String(value) : (asString(value) ?? null);
}

function readReference(value: unknown): MessageReference | null {
  const reference = asObject(value);
  if (reference === undefined) return null;
  return {
    kind: asInteger(reference["type"]) === 1 ? "forward" : "reply",
    guildId: asId(reference["guild_id"]) ?? null,
    channelId: asId(reference["channel_id"]) ?? null,
    messageId: asId(reference["message_id"]) ?? null,
  };
}

/** A referenced message holds no further one, so this goes one level deep. */
function readReferenced(message: JsonObject, guildId: Snowflake | undefined): Message | null | undefined {
  if (!("referenced_message" in message)) return undefined;
  const target = asObject(message["referenced_message"]);
  if (target === undefined) return null;
  const { referenced_message: _, ...flat } = target;
  const outcome = decodeMessage(flat, guildId);
  return outcome.ok ? outcome.value : undefined;
}

function readSnapshot(message: JsonObject | undefined): MessageSnapshot | undefined {
  if (message === undefined) return undefined;
  return {
    type: asInteger(message["type"]) ?? 0,
    content: asString(message["content"]) ?? "",
    createdAt: asTime(message["timestamp"]) ?? null,
    editedAt: asTime(message["edited_timestamp"]) ?? null,
    flags: asInteger(message["flags"]) ?? 0,
    mentions: readMentions(message),
    mentionRoles: asIds(message["mention_roles"]),
    attachments: readEach(message["attachments"], readAttachment),
    embeds: readEach(message["embeds"], readEmbed),
    components: readComponents(message["components"]),
    stickers: readEach(message["sticker_items"], readSticker),
  };
}

function readSticker(entry: JsonObject): Sticker | undefined {
  const id = asId(entry["id"]);
  if (id === undefined) return undefined;
  return { id, name: asString(entry["name"]) ?? "", format: asInteger(entry["format_type"]) ?? 1 };
}

function readReactionCount(entry: JsonObject): ReactionCount | undefined {
  const emoji = readEmoji(entry["emoji"]);
  return emoji === undefined ? undefined : { emoji, count: asInteger(entry["count"]) ?? 0 };
}

/** MESSAGE_DELETE names one message, MESSAGE_DELETE_BULK up to a hundred of one channel; both are read as a list. */
export interface MessageRemoval {
  readonly channelId: Snowflake;
  readonly guildId: Snowflake | null;
  readonly ids: readonly Snowflake[];
}

export function decodeMessageRemoval(d: unknown): Decoded<MessageRemoval> {
  const removal = asObject(d);
  const channelId = asId(removal?.["channel_id"]);
  if (removal === undefined || channelId === undefined) return malformed("deletion without `channel_id`");
  const id = asId(removal["id"]);
  const ids = id === undefined ? asIds(removal["ids"]) : [id];
  if (ids.length === 0 && asArray(removal["ids"]).length === 0)
    return malformed("deletion without `id` or `ids`");
  return decoded({ channelId, guildId: asId(removal["guild_id"]) ?? null, ids });
}
