import { isSnowflake, type Snowflake } from "@guildwire/discord-wire";
import { wireThreadMember } from "../../world/chat/thread.ts";
import { Permission } from "../../world/permission.ts";
import type { Thread, World } from "../../world/world.ts";
import { inThread, mayAt, refusalOf } from "../access.ts";
import { NO_CONTENT, type RestAnswer, success } from "../rest-answer.ts";
import { failure } from "../rest-error.ts";
import type { Call, Route } from "../route.ts";

/** Who is in a thread. */
export const THREAD_MEMBER_ROUTES: readonly Route[] = [
  {
    operation: "list_thread_members",
    method: "GET",
    path: "/channels/:channel/thread-members",
    answer: inThread((world, thread, call) =>
      success([...thread.members.keys()].map((id) => shown(world, thread, id, call))),
    ),
  },
  {
    operation: "join_thread",
    method: "PUT",
    path: "/channels/:channel/thread-members/@me",
    answer: inThread((world, thread, call) => add(world, thread, world.bot.id, call)),
  },
  {
    operation: "leave_thread",
    method: "DELETE",
    path: "/channels/:channel/thread-members/@me",
    answer: inThread((world, thread, call) => remove(world, thread, world.bot.id, call)),
  },
  {
    operation: "get_thread_member",
    method: "GET",
    path: "/channels/:channel/thread-members/:user",
    answer: inThread((world, thread, call) => {
      const user = call.parameters["user"] as Snowflake;
      return thread.members.has(user)
        ? success(shown(world, thread, user, call))
        : failure("UnknownThreadMember");
    }),
  },
  {
    operation: "add_thread_member",
    method: "PUT",
    path: "/channels/:channel/thread-members/:user",
    answer: inThread((world, thread, call) => add(world, thread, call.parameters["user"], call)),
  },
  {
    operation: "delete_thread_member",
    method: "DELETE",
    path: "/channels/:channel/thread-members/:user",
    answer: inThread((world, thread, call) => {
      const parent = world.channels.get(thread.parentId);
      const owns = thread.kind === "privateThread" && thread.ownerId === world.bot.id;
      if (!owns && !(parent && mayAt(world, parent, Permission.ManageThreads))) {
        return failure("MissingPermissions");
      }
      return remove(world, thread, call.parameters["user"], call);
    }),
  },
];

function shown(world: World, thread: Thread, userId: Snowflake, { request }: Call): unknown {
  const withMember = request.query.get("with_member") === "true";
  const member = withMember ? world.members.get(userId) : undefined;
  return wireThreadMember(thread, userId, thread.members.get(userId) ?? thread.createdAt, member);
}

function add(world: World, thread: Thread, user: string | undefined, call: Call): RestAnswer {
  if (thread.archived) return failure("ThreadArchived");
  if (!isSnowflake(user) || !world.members.has(user)) return failure("UnknownMember");
  const command = { type: "joinThread", threadId: thread.id, userId: user } as const;
  return refusalOf(call.context.seat.apply(command, world.guild.id)) ?? NO_CONTENT;
}

function remove(world: World, thread: Thread, user: string | undefined, call: Call): RestAnswer {
  if (thread.archived) return failure("ThreadArchived");
  if (!isSnowflake(user) || !thread.members.has(user)) return failure("UnknownThreadMember");
  const command = { type: "leaveThread", threadId: thread.id, userId: user } as const;
  return refusalOf(call.context.seat.apply(command, world.guild.id)) ?? NO_CONTENT;
}
