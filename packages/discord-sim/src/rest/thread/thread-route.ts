import { isSnowflake, type Snowflake } from "@guildwire/discord-wire";
import { messageIn } from "../../world/chat/message.ts";
import { wireThread } from "../../world/chat/thread.ts";
import { AUTO_ARCHIVE_MINUTES, openThread, type ThreadDraft } from "../../world/chat/thread-change.ts";
import { wireMessage } from "../../world/chat/wire-message.ts";
import { isPlaceVisible, Permission } from "../../world/permission.ts";
import type { Channel, Thread, World } from "../../world/world.ts";
import { inChannel, inGuild, mayAt, ownMember, refusalOf, worldNow } from "../access.ts";
import {
  choiceRule,
  type Fields,
  flagRule,
  integerRule,
  limitOf,
  listRule,
  objectRule,
  problemsOf,
  readBody,
  required,
  textRule,
} from "../form.ts";
import { readDraft } from "../message/message-draft.ts";
import { isObject } from "../message/message-form.ts";
import { type RestAnswer, success } from "../rest-answer.ts";
import { failure, invalidForm } from "../rest-error.ts";
import type { Call, Route } from "../route.ts";

/** Threads that are opened and listed. Who is in one is in thread-member-route.ts. */
export const THREAD_ROUTES: readonly Route[] = [
  {
    operation: "create_thread_from_message",
    method: "POST",
    path: "/channels/:channel/messages/:message/threads",
    answer: inChannel(createFromMessage),
  },
  {
    operation: "create_thread",
    method: "POST",
    path: "/channels/:channel/threads",
    answer: inChannel(createAlone),
  },
  {
    operation: "get_active_guild_threads",
    method: "GET",
    path: "/guilds/:guild/threads/active",
    answer: inGuild((world) =>
      success(
        listed(
          world,
          seenThreads(world, ({ archived }) => !archived),
        ),
      ),
    ),
  },
  {
    operation: "list_public_archived_threads",
    method: "GET",
    path: "/channels/:channel/threads/archived/public",
    answer: inChannel((world, channel, call) =>
      archived(world, channel, call, ({ kind }) => kind !== "privateThread"),
    ),
  },
  {
    operation: "list_private_archived_threads",
    method: "GET",
    path: "/channels/:channel/threads/archived/private",
    answer: inChannel((world, channel, call) =>
      mayAt(world, channel, Permission.ManageThreads)
        ? archived(world, channel, call, ({ kind }) => kind === "privateThread")
        : failure("MissingPermissions"),
    ),
  },
  {
    operation: "list_my_private_archived_threads",
    method: "GET",
    path: "/channels/:channel/users/@me/threads/archived/private",
    answer: inChannel((world, channel, call) =>
      archived(
        world,
        channel,
        call,
        ({ kind, members }) => kind === "privateThread" && members.has(world.bot.id),
      ),
    ),
  },
  {
    operation: "thread_search",
    method: "GET",
    path: "/channels/:channel/threads/search",
    answer: inChannel(search),
  },
];

const COMMON_RULES = {
  name: textRule(100, 1),
  auto_archive_duration: choiceRule(...AUTO_ARCHIVE_MINUTES),
  rate_limit_per_user: integerRule(0, 21_600),
};
const FROM_MESSAGE_RULES = { ...COMMON_RULES, type: choiceRule(10, 11) };
const ALONE_RULES = { ...COMMON_RULES, type: choiceRule(10, 11, 12), invitable: flagRule };
const FORUM_RULES = { ...COMMON_RULES, applied_tags: listRule(5), message: objectRule };

const PRIVATE_THREAD = 12;

function createFromMessage(world: World, channel: Channel, call: Call): RestAnswer {
  const body = readBody(call.request);
  if (!body.ok) return body.answer;
  const problem = formProblem(body.fields, FROM_MESSAGE_RULES);
  if (problem !== undefined) return problem;
  const messageId = call.parameters["message"] as Snowflake;
  if (messageIn(world.messages, channel.id, messageId) === undefined) return failure("UnknownMessage");
  if (world.threads.has(messageId)) return failure("ThreadExists");
  if (!mayAt(world, channel, Permission.CreatePublicThreads)) return failure("MissingPermissions");
  return open(world, call, { ...draftOf(world, channel, body.fields), messageId });
}

/** A thread without a message, or a post in a forum. Without a `type` Discord makes it private. */
function createAlone(world: World, channel: Channel, call: Call): RestAnswer {
  const body = readBody(call.request);
  if (!body.ok) return body.answer;
  const { fields, files } = body;
  const isForum = channel.kind === "forum" || channel.kind === "media";
  const problem = formProblem(fields, isForum ? FORUM_RULES : ALONE_RULES);
  if (problem !== undefined) return problem;
  if (!isForum) {
    const isPrivate = (fields["type"] ?? PRIVATE_THREAD) === PRIVATE_THREAD;
    const needed = isPrivate ? Permission.CreatePrivateThreads : Permission.CreatePublicThreads;
    if (!mayAt(world, channel, needed)) return failure("MissingPermissions");
    const { invitable } = fields;
    return open(world, call, {
      ...draftOf(world, channel, fields),
      isPrivate,
      ...(typeof invitable === "boolean" ? { invitable } : {}),
    });
  }
  if (!mayAt(world, channel, Permission.SendMessages)) return failure("MissingPermissions");
  const message = isObject(fields["message"]) ? fields["message"] : {};
  const place = { channelId: channel.id, files: call.context.files, atMs: call.context.atMs };
  const drafting = readDraft(message, files, "create", place);
  if (!drafting.ok) return drafting.answer;
  const { allowed, ...first } = drafting.draft;
  const tags = fields["applied_tags"];
  const appliedTags = Array.isArray(tags) ? tags.filter(isSnowflake) : [];
  return open(world, call, { ...draftOf(world, channel, fields), first, allowed, appliedTags });
}

function formProblem(fields: Fields, rules: Parameters<typeof problemsOf>[1]): RestAnswer | undefined {
  const missing = fields["name"] === undefined || fields["name"] === null ? [required("name")] : [];
  const problems = [...problemsOf(fields, rules), ...missing];
  return problems.length > 0 ? invalidForm(problems) : undefined;
}

function draftOf(world: World, channel: Channel, fields: Fields): ThreadDraft {
  const { name, auto_archive_duration: minutes, rate_limit_per_user: slowmode } = fields;
  return {
    channel,
    owner: ownMember(world),
    name: String(name),
    ...(typeof minutes === "number" ? { autoArchiveMinutes: minutes } : {}),
    ...(typeof slowmode === "number" ? { slowmodeSeconds: slowmode } : {}),
  };
}

function open(world: World, call: Call, draft: ThreadDraft): RestAnswer {
  const outcome = call.context.seat.change(world.guild.id, (now, atMs) => openThread(now, draft, atMs));
  const refusal = refusalOf(outcome);
  if (refusal !== undefined) return refusal;
  const after = worldNow(world, call);
  const thread = [...after.threads.values()].find(({ id }) => !world.threads.has(id));
  if (thread === undefined) return failure("General");
  const first = draft.first === undefined ? undefined : messageIn(after.messages, thread.id, thread.id);
  const message = first === undefined ? {} : { message: wireMessage(first, after.bot.id) };
  return success({ ...wireThread(after, thread), ...message }, 201);
}

function seenThreads(world: World, isMeant: (thread: Thread) => boolean): readonly Thread[] {
  return [...world.threads.values()].filter((thread) => {
    const channel = world.channels.get(thread.parentId);
    if (channel === undefined || !isMeant(thread)) return false;
    return isPlaceVisible(world, { id: thread.id, kind: thread.kind, channel, thread });
  });
}

function listed(world: World, threads: readonly Thread[]): { threads: unknown[]; members: unknown[] } {
  const shown = threads.map((thread) => wireThread(world, thread));
  return { threads: shown, members: shown.flatMap((thread) => thread["member"] ?? []) };
}

/** Those archived last come first. */
function archived(
  world: World,
  channel: Channel,
  { request }: Call,
  isMeant: (thread: Thread) => boolean,
): RestAnswer {
  const page = limitOf(request.query, { most: 100, usual: 50 });
  if (!page.ok) return page.answer;
  if (!mayAt(world, channel, Permission.ReadMessageHistory))
    return success({ ...listed(world, []), has_more: false });
  const before = request.query.get("before");
  const found = seenThreads(
    world,
    (thread) =>
      thread.archived &&
      thread.parentId === channel.id &&
      isMeant(thread) &&
      (before === null || Date.parse(thread.archivedAt) < Date.parse(before)),
  ).toSorted((a, b) => Date.parse(b.archivedAt) - Date.parse(a.archivedAt));
  const has_more = found.length > page.limit;
  return success({ ...listed(world, found.slice(0, page.limit)), has_more });
}

/** By name and tag, newest first. */
function search(world: World, channel: Channel, { request }: Call): RestAnswer {
  const page = limitOf(request.query, { most: 25, usual: 25 });
  if (!page.ok) return page.answer;
  const name = (request.query.get("name") ?? "").toLowerCase();
  const tags = request.query.getAll("tag");
  const wantsArchived = request.query.get("archived");
  const found = seenThreads(
    world,
    (thread) =>
      thread.parentId === channel.id &&
      thread.name.toLowerCase().includes(name) &&
      tags.every((tag) => thread.appliedTags.includes(tag as Snowflake)) &&
      (wantsArchived === null || thread.archived === (wantsArchived === "true")),
  ).toSorted((a, b) => (BigInt(a.id) < BigInt(b.id) ? 1 : -1));
  const offset = Number(request.query.get("offset") ?? 0) || 0;
  const shown = found.slice(offset, offset + page.limit);
  return success({
    ...listed(world, shown),
    first_messages: shown.flatMap((thread) => {
      const first = messageIn(world.messages, thread.id, thread.id);
      return first === undefined ? [] : [wireMessage(first, world.bot.id)];
    }),
    has_more: found.length > offset + page.limit,
    total_results: found.length,
  });
}
