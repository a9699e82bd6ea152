import type { Snowflake } from "@guildwire/discord-wire";
import { Permission } from "../../world/permission.ts";
import type { Channel, World } from "../../world/world.ts";
import { inChannelWith, refusalOf } from "../access.ts";
import { bitsRule, choiceRule, problemsOf, readBody } from "../form.ts";
import { NO_CONTENT, type RestAnswer } from "../rest-answer.ts";
import { failure, invalidForm } from "../rest-error.ts";
import type { Call, Route } from "../route.ts";
import { overwriteOf } from "./channel-form.ts";

/** What a role or a member may do in one channel otherwise than in the server. */
export const OVERWRITE_ROUTES: readonly Route[] = [
  {
    operation: "set_channel_permission_overwrite",
    method: "PUT",
    path: "/channels/:channel/permissions/:target",
    answer: inChannelWith(Permission.ManageRoles, putOverwrite),
  },
  {
    operation: "delete_channel_permission_overwrite",
    method: "DELETE",
    path: "/channels/:channel/permissions/:target",
    answer: inChannelWith(Permission.ManageRoles, deleteOverwrite),
  },
];

function putOverwrite(world: World, channel: Channel, call: Call): RestAnswer {
  const body = readBody(call.request);
  if (!body.ok) return body.answer;
  const rules = { type: choiceRule(0, 1), allow: bitsRule, deny: bitsRule };
  const problems = problemsOf(body.fields, rules);
  if (problems.length > 0) return invalidForm(problems);
  const target = call.parameters["target"] ?? "";
  const { allow, deny } = overwriteOf(body.fields, target, world);
  const outcome = call.context.seat.apply(
    {
      type: "setOverwrite",
      channelId: channel.id,
      targetId: target as Snowflake,
      allow: String(allow),
      deny: String(deny),
    },
    world.guild.id,
  );
  return refusalOf(outcome) ?? NO_CONTENT;
}

function deleteOverwrite(world: World, channel: Channel, call: Call): RestAnswer {
  const target = call.parameters["target"] as Snowflake;
  if (!channel.overwrites.some(({ id }) => id === target)) return failure("UnknownOverwrite");
  const empty = { allow: "0", deny: "0" };
  const outcome = call.context.seat.apply(
    { type: "setOverwrite", channelId: channel.id, targetId: target, ...empty },
    world.guild.id,
  );
  return refusalOf(outcome) ?? NO_CONTENT;
}
