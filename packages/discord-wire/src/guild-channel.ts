/**
 * Channels and threads as message streams need them. Rooms read the smaller `Channel` of `channel.ts`, so that an
 * installation without messages pays nothing for this.
 */
import { ChannelFlag, ChannelType } from "./channel-types.ts";
import { type Decoded, decoded, malformed } from "./decoded.ts";
import {
  asArray,
  asBits,
  asFlag,
  asId,
  asIds,
  asInteger,
  asObject,
  asString,
  asTime,
  type JsonObject,
  readEach,
} from "./fields.ts";
import { type Role, readRole } from "./role.ts";
import type { Snowflake } from "./snowflake.ts";

/** Source: https://discord.com/developers/docs/resources/channel#overwrite-object */
export interface Overwrite {
  /** A role's or a member's id; @everyone's is the guild's. */
  readonly id: Snowflake;
  readonly kind: "role" | "member";
  /** Permission bits as decimal strings. */
  readonly allow: string;
  readonly deny: string;
}

/** Source: https://discord.com/developers/docs/resources/channel#channel-object */
export interface GuildChannel {
  readonly id: Snowflake;
  readonly guildId: Snowflake;
  readonly type: number;
  readonly name: string;
  readonly topic: string | null;
  readonly position: number;
  /** The category. */
  readonly parentId: Snowflake | null;
  /** Age-restricted; threads inherit it. */
  readonly nsfw: boolean;
  /** May name a message that has been deleted since. */
  readonly lastMessageId: Snowflake | null;
  readonly overwrites: readonly Overwrite[];
  /** Of a forum: the tags that posts may carry. */
  readonly tags: readonly { readonly id: Snowflake; readonly name: string }[];
  /** The bot cannot view the channel: everything but id, type, position and parent is a placeholder. */
  readonly obfuscated: boolean;
}

/** A thread or a forum's post. It has the permissions of its parent. */
export interface Thread {
  readonly id: Snowflake;
  readonly guildId: Snowflake;
  readonly type: number;
  readonly name: string;
  readonly parentId: Snowflake;
  readonly ownerId: Snowflake | null;
  readonly lastMessageId: Snowflake | null;
  readonly archived: boolean;
  readonly locked: boolean;
  readonly private: boolean;
  /** Tags of a forum's post. */
  readonly appliedTags: readonly Snowflake[];
  /** ISO 8601; threads made before 2022-01-09 have none. */
  readonly createdAt: string | null;
}

const THREAD_TYPES: readonly number[] = [
  ChannelType.AnnouncementThread,
  ChannelType.PublicThread,
  ChannelType.PrivateThread,
];

export function isThreadType(type: number): boolean {
  return THREAD_TYPES.includes(type);
}

/** CHANNEL_CREATE, _UPDATE, _DELETE; `guildId` for the entries inside GUILD_CREATE, which may lack it. */
export function decodeGuildChannel(d: unknown, guildId?: Snowflake): Decoded<GuildChannel> {
  const channel = asObject(d);
  const outcome = channel === undefined ? undefined : readGuildChannel(channel, guildId);
  return outcome === undefined ? malformed("channel without `id`, `type` or `guild_id`") : decoded(outcome);
}

function readGuildChannel(channel: JsonObject, enclosingGuildId?: Snowflake): GuildChannel | undefined {
  const id = asId(channel["id"]);
  const guildId = asId(channel["guild_id"]) ?? enclosingGuildId;
  const type = asInteger(channel["type"]);
  if (id === undefined || guildId === undefined || type === undefined) return undefined;
  return {
    id,
    guildId,
    type,
    name: asString(channel["name"]) ?? "",
    topic: asString(channel["topic"]) || null,
    position: asInteger(channel["position"]) ?? 0,
    parentId: asId(channel["parent_id"]) ?? null,
    nsfw: asFlag(channel["nsfw"]),
    lastMessageId: asId(channel["last_message_id"]) ?? null,
    overwrites: readEach(channel["permission_overwrites"], readOverwrite),
    tags: readEach(channel["available_tags"], (tag) => {
      const tagId = asId(tag["id"]);
      return tagId === undefined ? undefined : { id: tagId, name: asString(tag["name"]) ?? "" };
    }),
    obfuscated: ((asInteger(channel["flags"]) ?? 0) & ChannelFlag.Obfuscated) !== 0,
  };
}

function readOverwrite(entry: JsonObject): Overwrite | undefined {
  const id = asId(entry["id"]);
  if (id === undefined) return undefined;
  return {
    id,
    // Discord has sent the type as a number and, in older payloads, as a word.
    kind: entry["type"] === 1 || entry["type"] === "1" || entry["type"] === "member" ? "member" : "role",
    allow: asBits(entry["allow"]) ?? "0",
    deny: asBits(entry["deny"]) ?? "0",
  };
}

/** THREAD_CREATE and THREAD_UPDATE; also an entry of a list of threads. */
export function decodeThread(d: unknown, guildId?: Snowflake): Decoded<Thread> {
  const entry = asObject(d);
  const thread = entry === undefined ? undefined : readThread(entry, guildId);
  return thread === undefined
    ? malformed("thread without `id`, `type`, `guild_id` or `parent_id`")
    : decoded(thread);
}

function readThread(thread: JsonObject, enclosingGuildId?: Snowflake): Thread | undefined {
  const id = asId(thread["id"]);
  const guildId = asId(thread["guild_id"]) ?? enclosingGuildId;
  const parentId = asId(thread["parent_id"]);
  const type = asInteger(thread["type"]);
  if (id === undefined || guildId === undefined || parentId === undefined || type === undefined)
    return undefined;
  const metadata = asObject(thread["thread_metadata"]);
  return {
    id,
    guildId,
    type,
    parentId,
    name: asString(thread["name"]) ?? "",
    ownerId: asId(thread["owner_id"]) ?? null,
    lastMessageId: asId(thread["last_message_id"]) ?? null,
    archived: asFlag(metadata?.["archived"]),
    locked: asFlag(metadata?.["locked"]),
    private: type === ChannelType.PrivateThread,
    appliedTags: asIds(thread["applied_tags"]),
    createdAt: asTime(metadata?.["create_timestamp"]) ?? null,
  };
}

/** THREAD_DELETE carries ids alone. No such event comes for the threads of a deleted channel. */
export function decodeThreadRemoval(
  d: unknown,
): Decoded<{ readonly id: Snowflake; readonly guildId: Snowflake; readonly parentId: Snowflake | null }> {
  const thread = asObject(d);
  const id = asId(thread?.["id"]);
  const guildId = asId(thread?.["guild_id"]);
  if (thread === undefined || id === undefined || guildId === undefined) {
    return malformed("thread removal without `id` or `guild_id`");
  }
  return decoded({ id, guildId, parentId: asId(thread["parent_id"]) ?? null });
}

/** THREAD_LIST_SYNC, sent when the bot gains access to channels. */
export interface ThreadList {
  readonly guildId: Snowflake;
  /** The channels whose active threads these are all of; `null` = the whole guild. */
  readonly parentIds: readonly Snowflake[] | null;
  readonly threads: readonly Thread[];
}

export function decodeThreadList(d: unknown): Decoded<ThreadList> {
  const list = asObject(d);
  const guildId = asId(list?.["guild_id"]);
  if (list === undefined || guildId === undefined) return malformed("THREAD_LIST_SYNC without `guild_id`");
  return decoded({
    guildId,
    parentIds: Array.isArray(list["channel_ids"]) ? asIds(list["channel_ids"]) : null,
    threads: readEach(list["threads"], (thread) => readThread(thread, guildId)),
  });
}

/** What GUILD_CREATE says of channels, threads and permissions. */
export interface GuildChannels {
  readonly guildId: Snowflake;
  readonly ownerId: Snowflake;
  readonly roles: readonly Role[];
  readonly channels: readonly GuildChannel[];
  /** Active threads that the bot may view. */
  readonly threads: readonly Thread[];
}

/** GUILD_CREATE as message streams need it; `null` when the guild is unavailable. */
export function decodeGuildChannels(d: unknown): Decoded<GuildChannels | null> {
  const guild = asObject(d);
  const guildId = asId(guild?.["id"]);
  if (guild === undefined || guildId === undefined) return malformed("GUILD_CREATE without `id`");
  if (asFlag(guild["unavailable"])) return decoded(null);
  const ownerId = asId(guild["owner_id"]);
  if (ownerId === undefined) return malformed("GUILD_CREATE without `owner_id`");
  return decoded({
    guildId,
    ownerId,
    roles: readEach(guild["roles"], readRole),
    channels: readEach(guild["channels"], (channel) => readGuildChannel(channel, guildId)),
    threads: readEach(guild["threads"], (thread) => readThread(thread, guildId)),
  });
}

/** Roles of one member in the `d` of a GUILD_CREATE; `undefined` when that member is not listed. */
export function rolesInGuildCreate(d: unknown, userId: Snowflake): readonly Snowflake[] | undefined {
  for (const entry of asArray(asObject(d)?.["members"])) {
    const member = asObject(entry);
    if (asObject(member?.["user"])?.["id"] === userId) return asIds(member?.["roles"]);
  }
  return undefined;
}

/** GUILD_MEMBER_UPDATE: the roles that a member has now. For the bot itself it comes without a privileged intent. */
export function decodeMemberRoles(d: unknown): Decoded<{
  readonly guildId: Snowflake;
  readonly userId: Snowflake;
  readonly roles: readonly Snowflake[];
}> {
  const member = asObject(d);
  const guildId = asId(member?.["guild_id"]);
  const userId = asId(asObject(member?.["user"])?.["id"]);
  if (member === undefined || guildId === undefined || userId === undefined) {
    return malformed("member update without `guild_id` or `user.id`");
  }
  return decoded({ guildId, userId, roles: asIds(member["roles"]) });
}
