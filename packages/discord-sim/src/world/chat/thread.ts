import { ChannelType, type Snowflake } from "@guildwire/discord-wire";
import type { Dispatch } from "../dispatch.ts";
import { wireMember } from "../wire-people.ts";
import type { Member, Thread, ThreadKind, World } from "../world.ts";

/** Threads in Discord's JSON shapes. */

const THREAD_TYPE = {
  announcementThread: ChannelType.AnnouncementThread,
  publicThread: ChannelType.PublicThread,
  privateThread: ChannelType.PrivateThread,
} as const satisfies Record<ThreadKind, ChannelType>;

export interface WireThread {
  readonly id: string;
  readonly type: (typeof THREAD_TYPE)[ThreadKind];
  readonly guild_id: string;
  readonly parent_id: string;
  readonly name: string;
}

/** `member` is there when the bot is in the thread. */
export function wireThread(world: World, thread: Thread): WireThread & Readonly<Record<string, unknown>> {
  const own = thread.members.get(world.bot.id);
  return {
    id: thread.id,
    type: THREAD_TYPE[thread.kind],
    guild_id: world.guild.id,
    parent_id: thread.parentId,
    owner_id: thread.ownerId,
    name: thread.name,
    last_message_id: world.messages.get(thread.id)?.at(-1)?.id ?? null,
    message_count: thread.messagesSent,
    total_message_sent: thread.messagesSent,
    member_count: Math.min(thread.members.size, MEMBERS_COUNTED_MAX),
    rate_limit_per_user: thread.slowmodeSeconds,
    flags: thread.flags,
    thread_metadata: {
      archived: thread.archived,
      archive_timestamp: thread.archivedAt,
      auto_archive_duration: thread.autoArchiveMinutes,
      locked: thread.locked,
      create_timestamp: thread.createdAt,
      ...(thread.kind === "privateThread" ? { invitable: thread.invitable } : {}),
    },
    ...(thread.appliedTags.length === 0 ? {} : { applied_tags: [...thread.appliedTags] }),
    ...(own === undefined ? {} : { member: wireThreadMember(thread, world.bot.id, own) }),
  };
}

/** Discord stops counting here. */
const MEMBERS_COUNTED_MAX = 50;

/** THREAD_LIST_SYNC for a channel that has come into view, when it has active threads. */
export function threadListSync(world: World, channelId: Snowflake): readonly Dispatch[] {
  const threads = [...world.threads.values()]
    .filter(({ parentId, archived, kind }) => parentId === channelId && !archived && kind !== "privateThread")
    .map((thread) => wireThread(world, thread));
  if (threads.length === 0) return [];
  const members = threads.flatMap((thread) => thread["member"] ?? []);
  const d = { guild_id: world.guild.id, channel_ids: [channelId], threads, members };
  return [{ t: "THREAD_LIST_SYNC", d }];
}

export function wireThreadMember(
  thread: Thread,
  userId: Snowflake,
  joinedAt: string,
  member?: Member,
): { id: string; user_id: string; join_timestamp: string; flags: number; member?: unknown } {
  return {
    id: thread.id,
    user_id: userId,
    join_timestamp: joinedAt,
    flags: 0,
    ...(member === undefined ? {} : { member: wireMember(member) }),
  };
}
