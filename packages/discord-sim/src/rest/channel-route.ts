import { ChannelType, isSnowflake, type Snowflake } from "@guildwire/discord-wire";
import type { SimCommand } from "../world/command.ts";
import { Permission, permissionsAt, permissionsIn } from "../world/permission.ts";
import { wireVisibleChannel } from "../world/wire.ts";
import { wireDirectChannel } from "../world/wire-message.ts";
import type { Channel, ChannelKind, World } from "../world/world.ts";
import { integerRule, problemsOf, readBody, textRule } from "./form.ts";
import { NO_CONTENT, type RestAnswer, success } from "./rest-answer.ts";
import { failure, invalidForm } from "./rest-error.ts";
import type { Call, Route } from "./route.ts";

const CHANNEL_BUCKET = { name: "channels", calls: 10, windowMs: 1000 };

/** Single channels. */
export const CHANNEL_ROUTES: readonly Route[] = [
  { method: "GET", path: "/channels/:channel", answer: showChannel },
  { method: "PATCH", path: "/channels/:channel", bucket: CHANNEL_BUCKET, answer: inChannel(patchChannel) },
  { method: "DELETE", path: "/channels/:channel", bucket: CHANNEL_BUCKET, answer: inChannel(deleteChannel) },
  { method: "PUT", path: "/channels/:channel/voice-status", answer: inChannel(putVoiceStatus) },
];

const NAME_RULE = textRule(100, 1);
const PLACE_RULES = {
  name: NAME_RULE,
  position: integerRule(0, 10_000),
  user_limit: integerRule(0, 10_000),
};

const KIND_OF: ReadonlyMap<unknown, ChannelKind> = new Map<unknown, ChannelKind>([
  [undefined, "text"],
  [ChannelType.GuildText, "text"],
  [ChannelType.GuildVoice, "voice"],
  [ChannelType.GuildCategory, "category"],
  [ChannelType.GuildAnnouncement, "announcement"],
  [ChannelType.GuildStageVoice, "stage"],
  [ChannelType.GuildForum, "forum"],
]);

/** `POST /guilds/{id}/channels`. */
export function createChannel(world: World, { request, context }: Call): RestAnswer {
  const body = readBody(request);
  if (!body.ok) return body.answer;
  const { fields } = body;
  const problems = problemsOf(fields, PLACE_RULES);
  if (fields["name"] === undefined || fields["name"] === null) {
    const message = "This field is required";
    return invalidForm([...problems, { field: "name", code: "BASE_TYPE_REQUIRED", message }]);
  }
  if (problems.length > 0) return invalidForm(problems);
  const kind = KIND_OF.get(fields["type"]);
  if (kind === undefined) {
    const message = "Value must be one of {0, 2, 4, 5, 13, 15}.";
    return invalidForm([{ field: "type", code: "BASE_TYPE_CHOICES", message }]);
  }
  if (!(permissionsIn(world, world.bot.id) & Permission.ManageChannels)) return failure("MissingPermissions");
  const known = new Set(world.channels.keys());
  const command = { type: "createChannel", kind, name: String(fields["name"]), ...placeOf(fields) } as const;
  const refusal = carryOut(command, world, context);
  if (refusal !== undefined) return refusal;
  const after = context.keeper.worlds.worldOf(world.guild.id) ?? world;
  const made = [...after.channels.values()].find(({ id }) => !known.has(id));
  return made === undefined ? failure("General") : success(wireVisibleChannel(after, made), 201);
}

function showChannel(call: Call): RestAnswer {
  const direct = call.context.keeper.directs.channels.get(call.parameters["channel"] as Snowflake);
  if (direct === undefined) {
    return inChannel((world, channel) => success(wireVisibleChannel(world, channel)))(call);
  }
  const last = call.context.keeper.directs.messages.get(direct.id)?.at(-1)?.id ?? null;
  return success(wireDirectChannel(direct.id, direct.person, last));
}

function patchChannel(world: World, channel: Channel, { request, context }: Call): RestAnswer {
  const body = readBody(request);
  if (!body.ok) return body.answer;
  const problems = problemsOf(body.fields, PLACE_RULES);
  if (problems.length > 0) return invalidForm(problems);
  if (!may(world, channel, Permission.ManageChannels)) return failure("MissingPermissions");
  const { name } = body.fields;
  const command = {
    type: "updateChannel",
    channelId: channel.id,
    ...(typeof name === "string" ? { name } : {}),
    ...placeOf(body.fields),
  } as const;
  const refusal = carryOut(command, world, context);
  if (refusal !== undefined) return refusal;
  const after = context.keeper.worlds.worldOf(world.guild.id) ?? world;
  return success(wireVisibleChannel(after, after.channels.get(channel.id) ?? channel));
}

function deleteChannel(world: World, channel: Channel, { context }: Call): RestAnswer {
  if (!may(world, channel, Permission.ManageChannels)) return failure("MissingPermissions");
  const refusal = carryOut({ type: "deleteChannel", channelId: channel.id }, world, context);
  return refusal ?? success(wireVisibleChannel(world, channel));
}

/** Without being in the channel itself, the bot needs MANAGE_CHANNELS besides. */
function putVoiceStatus(world: World, channel: Channel, { request, context }: Call): RestAnswer {
  const body = readBody(request);
  if (!body.ok) return body.answer;
  const { status } = body.fields;
  const problems = problemsOf(body.fields, { status: textRule(500) });
  if (problems.length > 0) return invalidForm(problems);
  if (channel.kind !== "voice") return failure("WrongChannelType");
  const isInside = world.voice.get(world.bot.id)?.channelId === channel.id;
  const needed = Permission.SetVoiceChannelStatus | (isInside ? 0n : Permission.ManageChannels);
  if (!may(world, channel, needed)) return failure("MissingPermissions");
  const text = typeof status === "string" && status !== "" ? status : null;
  const command = { type: "setVoiceStatus", channelId: channel.id, status: text } as const;
  return carryOut(command, world, context) ?? NO_CONTENT;
}

/** What is common to creating and changing: the fields that say where a channel is. */
function placeOf(fields: Readonly<Record<string, unknown>>): {
  readonly position?: number;
  readonly parentId?: Snowflake | null;
  readonly userLimit?: number;
} {
  const { position, parent_id: parentId, user_limit: userLimit } = fields;
  return {
    ...(typeof position === "number" ? { position } : {}),
    ...(parentId === null || isSnowflake(parentId) ? { parentId } : {}),
    ...(typeof userLimit === "number" ? { userLimit } : {}),
  };
}

function may(world: World, channel: Channel, needed: bigint): boolean {
  return (permissionsAt(world, world.bot.id, channel) & needed) === needed;
}

function carryOut(command: SimCommand, world: World, context: Call["context"]): RestAnswer | undefined {
  const outcome = context.keeper.apply(command, world.guild.id);
  if (outcome.ok) return undefined;
  return invalidForm([
    { field: WIRE_NAME[outcome.field] ?? outcome.field, code: "INVALID", message: outcome.problem },
  ]);
}

const WIRE_NAME: Readonly<Record<string, string>> = { parentId: "parent_id", userLimit: "user_limit" };

/** For routes about a server's channel: 10003 when there is none, 50001 when the bot may not view it. */
function inChannel(answer: (world: World, channel: Channel, call: Call) => RestAnswer): Route["answer"] {
  return (call) => {
    const id = call.parameters["channel"];
    const world = isSnowflake(id) ? call.context.keeper.worlds.guildOfChannel(id) : undefined;
    const channel = world?.channels.get(id as Snowflake);
    if (world === undefined || channel === undefined || world.guild.standing === "removed") {
      return failure("UnknownChannel");
    }
    return channel.hidden ? failure("MissingAccess") : answer(world, channel, call);
  };
}
