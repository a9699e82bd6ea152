import type { Snowflake } from "@guildwire/discord-wire";
import type { GatewayGuildMemberUpdateDispatchData } from "discord-api-types/v10";
import { type Change, changed, refused, withEntry, withoutEntry } from "../change.ts";
import type { MemberCommand } from "../command.ts";
import { isoTime } from "../iso-time.ts";
import { leave } from "../voice/voice-change.ts";
import { wireMember, wireUser } from "../wire-people.ts";
import { idFromSeed, type Member, type World } from "../world.ts";

/** People who come into the server, take another name, and go. */

type AddMember = Extract<MemberCommand, { type: "addMember" }>;

export function addMember(world: World, command: AddMember, atMs: number): Change {
  const id = command.id ?? idFromSeed(world.seed, world.idsMade);
  if (world.members.has(id)) return refused("id", "is taken");
  const member: Member = {
    id,
    username: command.name.toLowerCase().replaceAll(/[^a-z0-9_.]+/g, "_"),
    globalName: command.name,
    nick: null,
    bot: command.bot ?? false,
    joinedAt: isoTime(atMs),
    mute: false,
    deaf: false,
    roles: [],
  };
  const next = {
    ...world,
    members: withEntry(world.members, id, member),
    idsMade: world.idsMade + 1,
  };
  return changed(next, {
    t: "GUILD_MEMBER_ADD",
    d: { guild_id: world.guild.id, ...wireMember(member) },
  });
}

export function renameMember(world: World, userId: Snowflake, nick: string | null): Change {
  const member = world.members.get(userId);
  if (member === undefined) return refused("userId", "is not a member");
  const wanted = nick === "" ? null : nick;
  if (wanted === member.nick) return changed(world);
  const renamed: Member = { ...member, nick: wanted };
  const next = { ...world, members: withEntry(world.members, userId, renamed) };
  return changed(next, { t: "GUILD_MEMBER_UPDATE", d: memberUpdate(next, renamed) });
}

/** `until` is ISO 8601; `null` ends the timeout. */
export function timeOutMember(world: World, userId: Snowflake, until: string | null): Change {
  const member = world.members.get(userId);
  if (member === undefined) return refused("userId", "is not a member");
  if ((member.timedOutUntil ?? null) === until) return changed(world);
  const timedOut: Member = { ...member, timedOutUntil: until };
  const next = { ...world, members: withEntry(world.members, userId, timedOut) };
  return changed(next, { t: "GUILD_MEMBER_UPDATE", d: memberUpdate(next, timedOut) });
}

/** GUILD_MEMBER_REMOVE, then the voice state with `channel_id: null` when the person was in voice. */
export function removeMember(world: World, userId: Snowflake): Change {
  const member = world.members.get(userId);
  if (member === undefined) return refused("userId", "is not a member");
  if (userId === world.firstBotId) return refused("userId", "is the bot; use `removeBot`");
  const left: Change = world.voice.has(userId) ? leave(world, userId) : changed(world);
  if (!left.ok) return left;
  const next = {
    ...left.world,
    members: withoutEntry(left.world.members, userId),
    presences: withoutEntry(left.world.presences, userId),
  };
  return changed(
    next,
    { t: "GUILD_MEMBER_REMOVE", d: { guild_id: world.guild.id, user: wireUser(member) } },
    ...left.dispatches,
  );
}

function memberUpdate(world: World, member: Member): GatewayGuildMemberUpdateDispatchData {
  return { guild_id: world.guild.id, ...wireMember(member), avatar: null, banner: null };
}
