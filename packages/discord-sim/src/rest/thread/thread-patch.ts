import { isSnowflake } from "@guildwire/discord-wire";
import { wireThread } from "../../world/chat/thread.ts";
import { AUTO_ARCHIVE_MINUTES } from "../../world/chat/thread-change.ts";
import { Permission } from "../../world/permission.ts";
import type { Thread, World } from "../../world/world.ts";
import { mayAt, refusalOf, worldNow } from "../access.ts";
import { choiceRule, flagRule, integerRule, listRule, problemsOf, readBody, textRule } from "../form.ts";
import { type RestAnswer, success } from "../rest-answer.ts";
import { failure, invalidForm } from "../rest-error.ts";
import type { Call } from "../route.ts";

const RULES = {
  name: textRule(100, 1),
  archived: flagRule,
  locked: flagRule,
  invitable: flagRule,
  auto_archive_duration: choiceRule(...AUTO_ARCHIVE_MINUTES),
  rate_limit_per_user: integerRule(0, 21_600),
  flags: integerRule(0, 2 ** 31),
  applied_tags: listRule(5),
};

/** `PATCH /channels/{thread}`: with MANAGE_THREADS; unarchiving an unlocked one needs no more than writing in it. */
export function patchThread(world: World, thread: Thread, call: Call): RestAnswer {
  const body = readBody(call.request);
  if (!body.ok) return body.answer;
  const { fields } = body;
  const problems = problemsOf(fields, RULES);
  if (problems.length > 0) return invalidForm(problems);
  const parent = world.channels.get(thread.parentId);
  if (parent === undefined) return failure("UnknownChannel");
  const isOwn = thread.ownerId === world.bot.id && fields["locked"] === undefined;
  const onlyUnarchives =
    Object.keys(fields).every((name) => name === "archived") && fields["archived"] === false;
  const maySend = mayAt(world, parent, Permission.SendMessagesInThreads);
  const may = mayAt(world, parent, Permission.ManageThreads) || isOwn;
  if (!may && !(onlyUnarchives && !thread.locked && maySend)) return failure("MissingPermissions");
  const unarchives = fields["archived"] === false;
  if (thread.archived && !unarchives && Object.keys(fields).length > 0) return failure("ThreadArchived");
  const { name, archived, locked, invitable, auto_archive_duration: minutes } = fields;
  const { rate_limit_per_user: slowmode, flags, applied_tags: tags } = fields;
  const outcome = call.context.seat.apply(
    {
      type: "updateThread",
      threadId: thread.id,
      ...(typeof name === "string" ? { name } : {}),
      ...(typeof archived === "boolean" ? { archived } : {}),
      ...(typeof locked === "boolean" ? { locked } : {}),
      ...(typeof invitable === "boolean" ? { invitable } : {}),
      ...(typeof minutes === "number" ? { autoArchiveMinutes: minutes } : {}),
      ...(typeof slowmode === "number" ? { slowmodeSeconds: slowmode } : {}),
      ...(typeof flags === "number" ? { flags } : {}),
      ...(Array.isArray(tags) ? { appliedTags: tags.filter(isSnowflake) } : {}),
    },
    world.guild.id,
  );
  const refusal = refusalOf(outcome);
  if (refusal !== undefined) return refusal;
  const after = worldNow(world, call);
  return success(wireThread(after, after.threads.get(thread.id) ?? thread));
}
