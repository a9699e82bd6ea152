import { isSnowflake } from "@guildwire/discord-wire";
import { Permission } from "../../world/permission.ts";
import { wireStage } from "../../world/wire.ts";
import type { Channel, World } from "../../world/world.ts";
import { inChannel, inGuild, mayAt, refusalOf, withMember, worldNow } from "../access.ts";
import { choiceRule, flagRule, idRule, problemsOf, readBody, required, textRule, timeRule } from "../form.ts";
import { NO_CONTENT, type RestAnswer, success } from "../rest-answer.ts";
import { failure, invalidForm } from "../rest-error.ts";
import type { Call, Route } from "../route.ts";

/** Stages that are opened under a topic and ended. */
export const STAGE_ROUTES: readonly Route[] = [
  {
    operation: "update_self_voice_state",
    method: "PATCH",
    path: "/guilds/:guild/voice-states/@me",
    answer: inGuild(patchVoiceState),
  },
  {
    operation: "update_voice_state",
    method: "PATCH",
    path: "/guilds/:guild/voice-states/:user",
    answer: inGuild(patchVoiceState),
  },
  { operation: "create_stage_instance", method: "POST", path: "/stage-instances", answer: create },
  {
    operation: "get_stage_instance",
    method: "GET",
    path: "/stage-instances/:channel",
    answer: inChannel((world, channel) => shown(world, channel)),
  },
  {
    operation: "update_stage_instance",
    method: "PATCH",
    path: "/stage-instances/:channel",
    answer: inChannel((world, channel, call) => {
      const body = readBody(call.request);
      if (!body.ok) return body.answer;
      const problems = problemsOf(body.fields, RULES);
      if (problems.length > 0) return invalidForm(problems);
      if (!world.stages.has(channel.id)) return failure("UnknownStage");
      return setTopic(world, channel, String(body.fields["topic"]), call);
    }),
  },
  {
    operation: "delete_stage_instance",
    method: "DELETE",
    path: "/stage-instances/:channel",
    answer: inChannel((world, channel, call) => {
      if (!world.stages.has(channel.id)) return failure("UnknownStage");
      if (!mayModerate(world, channel)) return failure("MissingPermissions");
      const outcome = call.context.seat.apply({ type: "endStage", channelId: channel.id }, world.guild.id);
      return refusalOf(outcome) ?? NO_CONTENT;
    }),
  },
];

/** In a stage the bot changes its own place among speakers and audience, and moderators that of others. */
function patchVoiceState(world: World, call: Call): RestAnswer {
  const body = readBody(call.request);
  if (!body.ok) return body.answer;
  const { fields } = body;
  const problems = problemsOf(fields, {
    channel_id: idRule,
    suppress: flagRule,
    request_to_speak_timestamp: timeRule,
  });
  if (problems.length > 0) return invalidForm(problems);
  return withMember(world, call.parameters["user"] ?? "@me", (member) => {
    const channelId = world.voice.get(member.id)?.channelId;
    const stage = channelId === undefined ? undefined : world.channels.get(channelId);
    if (stage?.kind !== "stage") return failure("UnknownVoiceState");
    const { suppress, request_to_speak_timestamp: raised } = fields;
    const isOwn = member.id === world.bot.id;
    const unmutes = suppress === false || !isOwn;
    if (unmutes && !mayAt(world, stage, Permission.MuteMembers)) return failure("MissingPermissions");
    if (raised !== undefined && !mayAt(world, stage, Permission.RequestToSpeak))
      return failure("MissingPermissions");
    const command = {
      type: "setVoiceFlags",
      userId: member.id,
      ...(typeof suppress === "boolean" ? { suppress } : {}),
      ...(raised === undefined ? {} : { handRaised: raised !== null }),
    } as const;
    return refusalOf(call.context.seat.apply(command, world.guild.id)) ?? NO_CONTENT;
  });
}

const RULES = { topic: textRule(120, 1), privacy_level: choiceRule(2) };

function create(call: Call): RestAnswer {
  const body = readBody(call.request);
  if (!body.ok) return body.answer;
  const { topic, channel_id: id } = body.fields;
  const missing = [...(topic === undefined ? ["topic"] : []), ...(id === undefined ? ["channel_id"] : [])];
  const problems = [...problemsOf(body.fields, { ...RULES, channel_id: idRule }), ...missing.map(required)];
  if (problems.length > 0) return invalidForm(problems);
  const parameters = { channel: isSnowflake(id) ? id : "" };
  return inChannel((world, channel, inner) => setTopic(world, channel, String(topic), inner))({
    ...call,
    parameters,
  });
}

/** Moderators of the stage, which has three permissions. */
function mayModerate(world: World, channel: Channel): boolean {
  return mayAt(world, channel, Permission.ManageChannels | Permission.MuteMembers | Permission.MoveMembers);
}

function setTopic(world: World, channel: Channel, topic: string, call: Call): RestAnswer {
  if (channel.kind !== "stage") return failure("WrongChannelType");
  if (!mayModerate(world, channel)) return failure("MissingPermissions");
  const command = { type: "setStageTopic", channelId: channel.id, topic } as const;
  const outcome = call.context.seat.apply(command, world.guild.id);
  return refusalOf(outcome) ?? shown(worldNow(world, call), channel);
}

function shown(world: World, channel: Channel): RestAnswer {
  const stage = world.stages.get(channel.id);
  return stage === undefined ? failure("UnknownStage") : success(wireStage(world, stage));
}
