import type { Snowflake } from "@guildwire/discord-wire";
import { wireThread } from "../../world/chat/thread.ts";
import { wireDirectChannel } from "../../world/chat/wire-message.ts";
import { createChannel, deleteChannel, updateChannel } from "../../world/guild/channel-change.ts";
import { isPlaceVisible, Permission } from "../../world/permission.ts";
import { setVoiceStatus } from "../../world/voice/voice-change.ts";
import { wireVisibleChannel } from "../../world/wire.ts";
import { type Channel, placeOf as findPlace, type Thread, type World } from "../../world/world.ts";
import { inChannel, mayAt, mayIn, refusalOf, worldNow } from "../access.ts";
import { problemsOf, readBody, readListBody, required, textRule } from "../form.ts";
import { NO_CONTENT, type RestAnswer, success } from "../rest-answer.ts";
import { failure, invalidForm } from "../rest-error.ts";
import type { Call, Route } from "../route.ts";
import { patchThread } from "../thread/thread-patch.ts";
import { channelProblems, detailsOf, KIND_OF, overwritesOf, placeOf } from "./channel-form.ts";

const CHANNEL_BUCKET = { name: "channels", calls: 10, windowMs: 1000 };

/** Single channels; threads are channels here as well. */
export const CHANNEL_ROUTES: readonly Route[] = [
  { operation: "get_channel", method: "GET", path: "/channels/:channel", answer: showChannel },
  {
    operation: "update_channel",
    method: "PATCH",
    path: "/channels/:channel",
    bucket: CHANNEL_BUCKET,
    answer: orThread(patchChannel, patchThread),
  },
  {
    operation: "delete_channel",
    method: "DELETE",
    path: "/channels/:channel",
    bucket: CHANNEL_BUCKET,
    answer: orThread(removeChannel, removeThread),
  },
  {
    operation: "update_voice_channel_status",
    method: "PUT",
    path: "/channels/:channel/voice-status",
    answer: inChannel(putVoiceStatus),
  },
];

/** `POST /guilds/{id}/channels`. */
export function postChannel(world: World, call: Call): RestAnswer {
  const body = readBody(call.request);
  if (!body.ok) return body.answer;
  const { fields } = body;
  const missing = fields["name"] === undefined || fields["name"] === null ? [required("name")] : [];
  const problems = [...channelProblems(fields), ...missing];
  if (problems.length > 0) return invalidForm(problems);
  if (!mayIn(world, Permission.ManageChannels)) return failure("MissingPermissions");
  const overwrites = overwritesOf(fields, world);
  const kind = KIND_OF.get(fields["type"]) ?? "text";
  const outcome = call.context.seat.change(world.guild.id, (now) =>
    createChannel(now, {
      type: "createChannel",
      kind,
      name: String(fields["name"]),
      ...placeOf(fields),
      ...detailsOf(fields, now),
      ...(overwrites === undefined ? {} : { overwrites }),
    }),
  );
  const refusal = refusalOf(outcome);
  if (refusal !== undefined) return refusal;
  const after = worldNow(world, call);
  const made = [...after.channels.values()].find(({ id }) => !world.channels.has(id));
  return made === undefined ? failure("General") : success(wireVisibleChannel(after, made), 201);
}

/** `PATCH /guilds/{id}/channels`: the order of channels, and which category they are in. */
export function orderChannels(world: World, call: Call): RestAnswer {
  const body = readListBody(call.request);
  if (!body.ok) return body.answer;
  if (!mayIn(world, Permission.ManageChannels)) return failure("MissingPermissions");
  for (const fields of body.entries) {
    const { id, lock_permissions: _inSync, ...place } = fields;
    const channel = world.channels.get(id as Snowflake);
    if (channel === undefined) return failure("UnknownChannel");
    const problems = channelProblems(place);
    if (problems.length > 0) return invalidForm(problems);
    const outcome = call.context.seat.change(world.guild.id, (now) =>
      updateChannel(now, { type: "updateChannel", channelId: channel.id, ...placeOf(place) }),
    );
    const refusal = refusalOf(outcome);
    if (refusal !== undefined) return refusal;
  }
  return NO_CONTENT;
}

function showChannel(call: Call): RestAnswer {
  const { seat } = call.context;
  const id = call.parameters["channel"] as Snowflake;
  const direct = seat.directs.channels.get(id);
  if (direct !== undefined) {
    const last = seat.directs.messages.get(direct.id)?.at(-1)?.id ?? null;
    return success(wireDirectChannel(direct.id, direct.person, last));
  }
  return orThread(
    (world, channel) => success(wireVisibleChannel(world, channel)),
    (world, thread) => success(wireThread(world, thread)),
  )(call);
}

function orThread(
  ofChannel: (world: World, channel: Channel, call: Call) => RestAnswer,
  ofThread: (world: World, thread: Thread, call: Call) => RestAnswer,
): Route["answer"] {
  return (call) => {
    const id = call.parameters["channel"] as Snowflake;
    const world = /^\d+$/.test(id) ? call.context.seat.worlds.guildOfChannel(id) : undefined;
    const place = world && findPlace(world, id);
    if (world === undefined || place?.thread === undefined) return inChannel(ofChannel)(call);
    if (!isPlaceVisible(world, place)) return failure("MissingAccess");
    return ofThread(world, place.thread, call);
  };
}

function patchChannel(world: World, channel: Channel, call: Call): RestAnswer {
  const body = readBody(call.request);
  if (!body.ok) return body.answer;
  const { fields } = body;
  const problems = channelProblems(fields);
  if (problems.length > 0) return invalidForm(problems);
  if (!mayAt(world, channel, Permission.ManageChannels)) return failure("MissingPermissions");
  const overwrites = overwritesOf(fields, world);
  if (overwrites !== undefined && !mayAt(world, channel, Permission.ManageRoles)) {
    return failure("MissingPermissions");
  }
  const kind = fields["type"] === undefined ? undefined : KIND_OF.get(fields["type"]);
  const { name } = fields;
  const outcome = call.context.seat.change(world.guild.id, (now) =>
    updateChannel(now, {
      type: "updateChannel",
      channelId: channel.id,
      ...(typeof name === "string" ? { name } : {}),
      ...placeOf(fields),
      ...detailsOf(fields, now),
      ...(overwrites === undefined ? {} : { overwrites }),
      ...(kind === undefined ? {} : { kind }),
    }),
  );
  const refusal = refusalOf(outcome);
  if (refusal !== undefined) return refusal;
  const after = worldNow(world, call);
  return success(wireVisibleChannel(after, after.channels.get(channel.id) ?? channel));
}

function removeChannel(world: World, channel: Channel, call: Call): RestAnswer {
  if (!mayAt(world, channel, Permission.ManageChannels)) return failure("MissingPermissions");
  const outcome = call.context.seat.change(world.guild.id, (now) => deleteChannel(now, channel.id));
  return refusalOf(outcome) ?? success(wireVisibleChannel(world, channel));
}

function removeThread(world: World, thread: Thread, call: Call): RestAnswer {
  const parent = world.channels.get(thread.parentId);
  if (parent === undefined || !mayAt(world, parent, Permission.ManageThreads)) {
    return failure("MissingPermissions");
  }
  const outcome = call.context.seat.apply({ type: "deleteThread", threadId: thread.id }, world.guild.id);
  return refusalOf(outcome) ?? success(wireThread(world, thread));
}

/** Without being in the channel itself, the bot needs MANAGE_CHANNELS besides. */
function putVoiceStatus(world: World, channel: Channel, call: Call): RestAnswer {
  const body = readBody(call.request);
  if (!body.ok) return body.answer;
  const { status } = body.fields;
  const problems = problemsOf(body.fields, { status: textRule(500) });
  if (problems.length > 0) return invalidForm(problems);
  if (channel.kind !== "voice") return failure("WrongChannelType");
  const isInside = world.voice.get(world.bot.id)?.channelId === channel.id;
  const needed = Permission.SetVoiceChannelStatus | (isInside ? 0n : Permission.ManageChannels);
  if (!mayAt(world, channel, needed)) return failure("MissingPermissions");
  const text = typeof status === "string" && status !== "" ? status : null;
  const outcome = call.context.seat.change(world.guild.id, (now) => setVoiceStatus(now, channel.id, text));
  return refusalOf(outcome) ?? NO_CONTENT;
}
