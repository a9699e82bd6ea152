import type { Snowflake } from "@guildwire/discord-wire";
import { withEntry, withoutEntry } from "../change.ts";
import type { Dispatch } from "../dispatch.ts";
import { isoTime } from "../iso-time.ts";
import type { Member, Thread, World } from "../world.ts";
import { wireThread, wireThreadMember } from "./thread.ts";

/** Who is in a thread. */

interface ThreadStep {
  readonly world: World;
  readonly dispatches: readonly Dispatch[];
}

/** Whoever writes is in the thread from then on; an archived thread that is not locked comes back. */
export function withAuthorIn(world: World, thread: Thread, author: Member, atMs: number): ThreadStep {
  const counted = { ...thread, messagesSent: thread.messagesSent + 1 };
  const returned = counted.archived ? { ...counted, archived: false, archivedAt: isoTime(atMs) } : counted;
  const back = withThread(world, returned);
  const updated: readonly Dispatch[] = counted.archived
    ? [{ t: "THREAD_UPDATE", d: wireThread(back, returned) }]
    : [];
  if (!world.members.has(author.id) || returned.members.has(author.id)) {
    return { world: back, dispatches: updated };
  }
  const joined = withThreadMember(back, returned, author, atMs);
  return { world: joined.world, dispatches: [...updated, ...joined.dispatches] };
}

/** THREAD_MEMBERS_UPDATE, and THREAD_CREATE besides for a bot that was not in it before. */
export function withThreadMember(world: World, thread: Thread, member: Member, atMs: number): ThreadStep {
  const joinedAt = isoTime(atMs);
  const next = { ...thread, members: withEntry(thread.members, member.id, joinedAt) };
  const after = withThread(world, next);
  const own: readonly Dispatch[] =
    member.id === world.bot.id ? [{ t: "THREAD_CREATE", d: wireThread(after, next) }] : [];
  return {
    world: after,
    dispatches: [
      ...own,
      {
        t: "THREAD_MEMBERS_UPDATE",
        d: {
          ...membersUpdate(after, next),
          added_members: [{ ...wireThreadMember(next, member.id, joinedAt, member), presence: null }],
        },
      },
    ],
  };
}

export function withoutThreadMember(world: World, thread: Thread, userId: Snowflake): ThreadStep {
  const next = { ...thread, members: withoutEntry(thread.members, userId) };
  const after = withThread(world, next);
  return {
    world: after,
    dispatches: [
      { t: "THREAD_MEMBERS_UPDATE", d: { ...membersUpdate(after, next), removed_member_ids: [userId] } },
    ],
  };
}

export function withThread(world: World, thread: Thread): World {
  return { ...world, threads: withEntry(world.threads, thread.id, thread) };
}

function membersUpdate(world: World, thread: Thread): { id: string; guild_id: string; member_count: number } {
  return { id: thread.id, guild_id: world.guild.id, member_count: Math.min(thread.members.size, 50) };
}
