import { isSnowflake, type Snowflake } from "@guildwire/discord-wire";
import { isPlaceVisible, isVisible, permissionsAt, permissionsIn } from "../world/permission.ts";
import { type Channel, type Member, placeOf, type Role, type Thread, type World } from "../world/world.ts";
import type { Outcome } from "../world-keeper.ts";
import type { RestAnswer } from "./rest-answer.ts";
import { failure, invalidForm } from "./rest-error.ts";
import type { Call, Route } from "./route.ts";

/** What most routes begin with: whether the thing in the path exists, and whether the bot may see and change it. */

/** 10004 for a server the bot is not in. */
export function inGuild(answer: (world: World, call: Call) => RestAnswer): Route["answer"] {
  return (call) => {
    const world = call.context.seat.worlds.worldOf(call.parameters["guild"] as Snowflake);
    return world === undefined || world.guild.standing === "removed"
      ? failure("UnknownGuild")
      : answer(world, call);
  };
}

/** The same, for those who have all of these permissions in the server (50013). */
export function inGuildWith(
  permission: bigint,
  answer: (world: World, call: Call) => RestAnswer,
): Route["answer"] {
  return inGuild((world, call) =>
    mayIn(world, permission) ? answer(world, call) : failure("MissingPermissions"),
  );
}

/** 10003 when there is no such channel, 50001 when the bot may not view it. Threads are channels of another kind. */
export function inChannel(
  answer: (world: World, channel: Channel, call: Call) => RestAnswer,
): Route["answer"] {
  return (call) => {
    const id = call.parameters["channel"];
    const world = isSnowflake(id) ? call.context.seat.worlds.guildOfChannel(id) : undefined;
    const channel = world?.channels.get(id as Snowflake);
    if (world === undefined || world.guild.standing === "removed") return failure("UnknownChannel");
    if (channel === undefined)
      return failure(world.threads.has(id as Snowflake) ? "WrongChannelType" : "UnknownChannel");
    return isVisible(world, channel) ? answer(world, channel, call) : failure("MissingAccess");
  };
}

export function inChannelWith(
  permission: bigint,
  answer: (world: World, channel: Channel, call: Call) => RestAnswer,
): Route["answer"] {
  return inChannel((world, channel, call) =>
    mayAt(world, channel, permission) ? answer(world, channel, call) : failure("MissingPermissions"),
  );
}

/** 10003 when there is no such thread, 50001 when the bot may not see it. */
export function inThread(answer: (world: World, thread: Thread, call: Call) => RestAnswer): Route["answer"] {
  return (call) => {
    const id = call.parameters["channel"];
    const world = isSnowflake(id) ? call.context.seat.worlds.guildOfChannel(id) : undefined;
    const place = world && placeOf(world, id as Snowflake);
    if (world === undefined || place === undefined) return failure("UnknownChannel");
    if (place.thread === undefined) return failure("WrongChannelType");
    return isPlaceVisible(world, place) ? answer(world, place.thread, call) : failure("MissingAccess");
  };
}

/** 10007 for somebody who is not in the server. `@me` is the bot. */
export function withMember(
  world: World,
  user: string | undefined,
  answer: (member: Member) => RestAnswer,
): RestAnswer {
  const id = user === "@me" ? world.bot.id : user;
  const member = isSnowflake(id) ? world.members.get(id) : undefined;
  return member === undefined ? failure("UnknownMember") : answer(member);
}

export function mayIn(world: World, permission: bigint): boolean {
  return (permissionsIn(world, world.bot.id) & permission) === permission;
}

export function mayAt(world: World, channel: Channel, permission: bigint): boolean {
  return (permissionsAt(world, world.bot.id, channel) & permission) === permission;
}

/** The world of a server as it is by now, after the call has changed it. */
export function worldNow(world: World, call: Call): World {
  return call.context.seat.worlds.worldOf(world.guild.id) ?? world;
}

/** 50035 for what the pure functions refuse; `names` are Discord's names for their fields. */
export function refusalOf(
  outcome: Outcome,
  names: Readonly<Record<string, string>> = {},
): RestAnswer | undefined {
  if (outcome.ok) return undefined;
  const field =
    names[outcome.field] ?? outcome.field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return invalidForm([{ field, code: "INVALID", message: outcome.problem }]);
}

/** The bot's own user, or 10007 when it is no member (any more). */
export function ownMember(world: World): Member {
  const member = world.members.get(world.bot.id);
  if (member === undefined) throw new Error("a bot that calls is in the server");
  return member;
}

/** Whether the bot's highest role stands above a role; the owner is above all. Of two alike the older one does. */
export function standsAbove(world: World, role: Role): boolean {
  if (world.guild.ownerId === world.bot.id) return true;
  const own = world.members.get(world.bot.id)?.roles ?? [];
  return own.some((id) => {
    const held = world.roles.get(id);
    if (held === undefined || held.position < role.position) return false;
    return held.position > role.position || BigInt(held.id) < BigInt(role.id);
  });
}
