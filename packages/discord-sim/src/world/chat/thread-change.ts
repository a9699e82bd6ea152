import type { Snowflake } from "@guildwire/discord-wire";
import { type Change, changed, refused, visiblyAt, withoutEntry } from "../change.ts";
import type { ThreadCommand } from "../command.ts";
import type { Dispatch } from "../dispatch.ts";
import { isoTime } from "../iso-time.ts";
import { type Channel, idFromTime, type Member, placeOf, type Thread, type World } from "../world.ts";
import type { AllowedMentions } from "./mention.ts";
import { type Draft, messageIn } from "./message.ts";
import { exchangeMessage, postMessage } from "./message-change.ts";
import { wireThread, wireThreadMember } from "./thread.ts";
import { withoutThreadMember, withThread, withThreadMember } from "./thread-member.ts";

/** Threads that are made, changed, joined and deleted. Forum posts are threads whose first message has their id. */

type Command<Type> = Extract<ThreadCommand, { type: Type }>;

export const AUTO_ARCHIVE_MINUTES = [60, 1440, 4320, 10_080] as const;
const HAS_THREAD = 1 << 5;
const THREAD_CREATED = 18;

export interface ThreadDraft {
  readonly channel: Channel;
  readonly owner: Member;
  readonly name: string;
  readonly isPrivate?: boolean;
  readonly invitable?: boolean;
  readonly autoArchiveMinutes?: number;
  readonly slowmodeSeconds?: number;
  readonly appliedTags?: readonly Snowflake[];
  /** The message the thread begins at; its id becomes the thread's. */
  readonly messageId?: Snowflake;
  /** The first message of a forum post. */
  readonly first?: Omit<Draft, "channelId" | "author" | "mentions">;
  readonly allowed?: AllowedMentions;
}

export function createThread(world: World, command: Command<"createThread">, atMs: number): Change {
  const channel = world.channels.get(command.channelId);
  const owner = world.members.get(command.userId);
  if (channel === undefined) return refused("channelId", "does not exist");
  if (owner === undefined) return refused("userId", "is not a member");
  const { name, isPrivate, messageId, content, appliedTags } = command;
  return openThread(
    world,
    {
      channel,
      owner,
      name,
      ...(isPrivate === undefined ? {} : { isPrivate }),
      ...(messageId === undefined ? {} : { messageId }),
      ...(appliedTags === undefined ? {} : { appliedTags }),
      ...(content === undefined ? {} : { first: { content } }),
    },
    atMs,
  );
}

/** THREAD_CREATE with `newly_created`, then the message it begins with or the notice in the channel above. */
export function openThread(world: World, draft: ThreadDraft, atMs: number): Change {
  const { channel, messageId, first } = draft;
  const isForum = channel.kind === "forum" || channel.kind === "media";
  if (!THREADED.has(channel.kind)) return refused("channelId", "has no threads");
  if (isForum && first === undefined) return refused("content", "is missing; a forum post needs a message");
  if (!isForum && first !== undefined) return refused("content", "is for forum posts");
  const started = messageId === undefined ? undefined : messageIn(world.messages, channel.id, messageId);
  if (messageId !== undefined && started === undefined) return refused("messageId", "is not in the channel");
  const id = messageId ?? idFromTime(world, channel.id, atMs);
  if (world.threads.has(id)) return refused("messageId", "has a thread already");
  const thread = newThread(draft, id, atMs);
  const opened = withThread(world, thread);
  const created: Dispatch = { t: "THREAD_CREATE", d: { ...wireThread(opened, thread), newly_created: true } };
  const isAlone = thread.kind === "privateThread" && !thread.members.has(world.bot.id);
  const told = isAlone ? [] : visiblyAt(opened, { ...threadPlace(channel, thread) }, created);
  const followed = afterOpening(opened, draft, thread, atMs);
  return followed.ok ? changed(followed.world, ...told, ...followed.dispatches) : followed;
}

const THREADED: ReadonlySet<Channel["kind"]> = new Set(["text", "announcement", "forum", "media"]);

function newThread(draft: ThreadDraft, id: Snowflake, atMs: number): Thread {
  const { channel, owner } = draft;
  const kind =
    draft.isPrivate === true
      ? "privateThread"
      : channel.kind === "announcement"
        ? "announcementThread"
        : "publicThread";
  const at = isoTime(atMs);
  return {
    id,
    kind,
    parentId: channel.id,
    ownerId: owner.id,
    name: draft.name,
    archived: false,
    locked: false,
    invitable: draft.invitable ?? true,
    autoArchiveMinutes: draft.autoArchiveMinutes ?? 4320,
    createdAt: at,
    archivedAt: at,
    slowmodeSeconds: draft.slowmodeSeconds ?? 0,
    messagesSent: 0,
    members: new Map([[owner.id, at]]),
    appliedTags: draft.appliedTags ?? [],
    flags: 0,
  };
}

function afterOpening(world: World, draft: ThreadDraft, thread: Thread, atMs: number): Change {
  const { channel, owner, messageId, first, allowed } = draft;
  if (first !== undefined) {
    const message = { ...first, channelId: thread.id, id: thread.id, author: owner, mentions: [] };
    return postMessage(world, message, atMs, allowed);
  }
  const started = messageId === undefined ? undefined : messageIn(world.messages, channel.id, messageId);
  const place = placeOf(world, channel.id);
  if (place === undefined) return changed(world);
  if (started !== undefined) {
    return exchangeMessage(world, place, { ...started, flags: started.flags | HAS_THREAD });
  }
  if (thread.kind === "privateThread") return changed(world);
  const reference = { type: 0, channelId: thread.id, guildId: world.guild.id } as const;
  const notice = { content: thread.name, more: { type: THREAD_CREATED, reference } };
  return postMessage(world, { ...notice, channelId: channel.id, author: owner, mentions: [] }, atMs);
}

export function updateThread(world: World, command: Command<"updateThread">, atMs: number): Change {
  const thread = world.threads.get(command.threadId);
  if (thread === undefined) return refused("threadId", "does not exist");
  const { type: _type, threadId: _id, ...changes } = command;
  const updated: Thread = {
    ...thread,
    ...changes,
    archivedAt:
      changes.archived !== undefined && changes.archived !== thread.archived
        ? isoTime(atMs)
        : thread.archivedAt,
  };
  const next = withThread(world, updated);
  const channel = world.channels.get(thread.parentId);
  if (channel === undefined) return changed(next);
  const update: Dispatch = { t: "THREAD_UPDATE", d: wireThread(next, updated) };
  const joinedAt = updated.members.get(world.bot.id);
  const isBack = thread.archived && !updated.archived && joinedAt !== undefined;
  const own = isBack ? wireThreadMember(updated, world.bot.id, joinedAt) : undefined;
  const back: readonly Dispatch[] =
    own === undefined ? [] : [{ t: "THREAD_MEMBER_UPDATE", d: { ...own, guild_id: world.guild.id } }];
  return changed(next, ...visiblyAt(next, threadPlace(channel, updated), update, ...back));
}

/** Its messages go with it, without events of their own. */
export function deleteThread(world: World, threadId: Snowflake): Change {
  const thread = world.threads.get(threadId);
  const channel = thread && world.channels.get(thread.parentId);
  if (thread === undefined || channel === undefined) return refused("threadId", "does not exist");
  const next = {
    ...world,
    threads: withoutEntry(world.threads, threadId),
    messages: withoutEntry(world.messages, threadId),
  };
  const { id, guild_id, parent_id, type } = wireThread(world, thread);
  const deleted: Dispatch = { t: "THREAD_DELETE", d: { id, guild_id, parent_id, type } };
  return changed(next, ...visiblyAt(world, threadPlace(channel, thread), deleted));
}

export function joinThread(world: World, threadId: Snowflake, userId: Snowflake, atMs: number): Change {
  const thread = world.threads.get(threadId);
  const channel = thread && world.channels.get(thread.parentId);
  if (thread === undefined || channel === undefined) return refused("threadId", "does not exist");
  const member = world.members.get(userId);
  if (member === undefined) return refused("userId", "is not a member");
  if (thread.members.has(userId)) return changed(world);
  const joined = withThreadMember(world, thread, member, atMs);
  const after = joined.world.threads.get(threadId) ?? thread;
  return changed(joined.world, ...visiblyAt(joined.world, threadPlace(channel, after), ...joined.dispatches));
}

export function leaveThread(world: World, threadId: Snowflake, userId: Snowflake): Change {
  const thread = world.threads.get(threadId);
  const channel = thread && world.channels.get(thread.parentId);
  if (thread === undefined || channel === undefined) return refused("threadId", "does not exist");
  if (!thread.members.has(userId)) return changed(world);
  const left = withoutThreadMember(world, thread, userId);
  return changed(left.world, ...visiblyAt(world, threadPlace(channel, thread), ...left.dispatches));
}

function threadPlace(
  channel: Channel,
  thread: Thread,
): { id: Snowflake; kind: Thread["kind"]; channel: Channel; thread: Thread } {
  return { id: thread.id, kind: thread.kind, channel, thread };
}
