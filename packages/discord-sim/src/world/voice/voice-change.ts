import type { Snowflake } from "@guildwire/discord-wire";
import { hexOf } from "@guildwire/runtime/random";
import { type Change, changed, refused, visibly, withEntry, withoutEntry } from "../change.ts";
import type { VoiceCommand, VoiceFlags } from "../command.ts";
import type { Dispatch } from "../dispatch.ts";
import { isoTime } from "../iso-time.ts";
import { wireVoiceLeave, wireVoiceState } from "../wire.ts";
import { type Channel, isRoom, type Member, occupantsOf, type VoicePresence, type World } from "../world.ts";

/**
 * People in voice. A room's conversation starts with the first person in and ends with the last one out; its status
 * line ends with it. Stages and the AFK room suppress whoever enters.
 */

type Join = Extract<VoiceCommand, { type: "join" }>;
type SetVoiceFlags = Extract<VoiceCommand, { type: "setVoiceFlags" }>;

/** `sessionId` names the voice session; without one it follows from the seed. */
export function join(world: World, command: Join & { readonly sessionId?: string }, atMs: number): Change {
  const member = world.members.get(command.userId);
  if (member === undefined) return refused("userId", "is not a member");
  if (world.voice.has(member.id)) return refused("userId", "is in voice already; use `move`");
  const room = world.channels.get(command.channelId);
  const obstacle = obstacleTo(world, room);
  if (room === undefined || obstacle !== undefined) return refused("channelId", obstacle ?? "does not exist");

  const presence: VoicePresence = {
    userId: member.id,
    channelId: room.id,
    sessionId: command.sessionId ?? hexOf(`voice/${world.seed}/${world.idsMade}`),
    selfMute: command.selfMute ?? false,
    selfDeaf: command.selfDeaf ?? false,
    suppress: isSilenced(world, room),
    stream: false,
    video: false,
    handRaisedAt: null,
  };
  const joined = { ...withPresence(world, presence), idsMade: world.idsMade + 1 };
  const started = conversationStarted(joined, room.id, atMs);
  return changed(started.world, voiceState(started.world, presence, member), ...started.dispatches);
}

export function leave(world: World, userId: Snowflake): Change {
  const presence = world.voice.get(userId);
  const member = world.members.get(userId);
  if (presence === undefined || member === undefined) return refused("userId", "is not in voice");
  const left = { ...world, voice: withoutEntry(world.voice, userId) };
  const ended = conversationEnded(left, presence.channelId);
  return changed(
    ended.world,
    { t: "VOICE_STATE_UPDATE", d: wireVoiceLeave(world, presence, member) },
    ...ended.dispatches,
  );
}

/** One VOICE_STATE_UPDATE with the new channel, as Discord has it: nothing says where someone came from. */
export function move(world: World, userId: Snowflake, channelId: Snowflake, atMs: number): Change {
  const presence = world.voice.get(userId);
  const member = world.members.get(userId);
  if (presence === undefined || member === undefined) return refused("userId", "is not in voice");
  if (presence.channelId === channelId) return changed(world);
  const room = world.channels.get(channelId);
  const obstacle = obstacleTo(world, room);
  if (room === undefined || obstacle !== undefined) return refused("channelId", obstacle ?? "does not exist");

  const moved: VoicePresence = {
    ...presence,
    channelId,
    suppress: isSilenced(world, room),
    stream: false,
    handRaisedAt: null,
  };
  const ended = conversationEnded(withPresence(world, moved), presence.channelId);
  const started = conversationStarted(ended.world, channelId, atMs);
  return changed(
    started.world,
    voiceState(started.world, moved, member),
    ...ended.dispatches,
    ...started.dispatches,
  );
}

export function setVoiceFlags(world: World, command: SetVoiceFlags, atMs: number): Change {
  const presence = world.voice.get(command.userId);
  const member = world.members.get(command.userId);
  if (presence === undefined || member === undefined) return refused("userId", "is not in voice");
  if (world.channels.get(presence.channelId)?.kind !== "stage") {
    if (command.handRaised === true) return refused("handRaised", "needs a stage");
    if (command.suppress !== undefined && command.suppress !== presence.suppress) {
      return refused("suppress", "needs a stage");
    }
  }

  const nextPresence = withFlags(presence, command, atMs);
  const nextMember: Member = {
    ...member,
    mute: command.mute ?? member.mute,
    deaf: command.deaf ?? member.deaf,
  };
  const memberSame = member.mute === nextMember.mute && member.deaf === nextMember.deaf;
  if (isSame(presence, nextPresence) && memberSame) return changed(world);
  const next = {
    ...withPresence(world, nextPresence),
    members: memberSame ? world.members : withEntry(world.members, member.id, nextMember),
  };
  return changed(next, {
    t: "VOICE_STATE_UPDATE",
    d: wireVoiceState(next, nextPresence, nextMember, member),
  });
}

export function setVoiceStatus(world: World, channelId: Snowflake, status: string | null): Change {
  const room = world.channels.get(channelId);
  if (room?.kind !== "voice") return refused("channelId", "is not a voice channel");
  const wanted = status === "" ? null : status;
  if (wanted === room.status) return changed(world);
  const next = { ...world, channels: withEntry(world.channels, channelId, { ...room, status: wanted }) };
  return changed(next, ...visibly(world, room, statusUpdate(world, channelId, wanted)));
}

/** Ends the conversation of a room nobody is in any more: status line first, then the start time. */
function conversationEnded(
  world: World,
  channelId: Snowflake,
): { readonly world: World; readonly dispatches: readonly Dispatch[] } {
  const room = world.channels.get(channelId);
  if (room === undefined || room.voiceStartedAt === null || occupantsOf(world, channelId).length > 0) {
    return { world, dispatches: [] };
  }
  const quiet: Channel = { ...room, status: null, voiceStartedAt: null };
  return {
    world: { ...world, channels: withEntry(world.channels, channelId, quiet) },
    dispatches: [
      ...(room.status === null ? [] : visibly(world, room, statusUpdate(world, channelId, null))),
      ...visibly(world, room, startTimeUpdate(world, channelId, null)),
    ],
  };
}

function conversationStarted(
  world: World,
  channelId: Snowflake,
  atMs: number,
): { readonly world: World; readonly dispatches: readonly Dispatch[] } {
  const room = world.channels.get(channelId);
  if (room === undefined || room.voiceStartedAt !== null) return { world, dispatches: [] };
  const voiceStartedAt = Math.floor(atMs / 1000);
  return {
    world: { ...world, channels: withEntry(world.channels, channelId, { ...room, voiceStartedAt }) },
    dispatches: visibly(world, room, startTimeUpdate(world, channelId, voiceStartedAt)),
  };
}

/** Why nobody can enter `room` now; `undefined` when they can. */
function obstacleTo(world: World, room: Channel | undefined): string | undefined {
  if (room === undefined) return "does not exist";
  if (!isRoom(room)) return "is not a voice or stage channel";
  const full = room.userLimit > 0 && occupantsOf(world, room.id).length >= room.userLimit;
  return full ? "is full" : undefined;
}

function isSilenced(world: World, room: Channel): boolean {
  return room.kind === "stage" || room.id === world.guild.afkChannelId;
}

function withFlags(presence: VoicePresence, flags: VoiceFlags, atMs: number): VoicePresence {
  const suppress = flags.suppress ?? presence.suppress;
  return {
    ...presence,
    selfMute: flags.selfMute ?? presence.selfMute,
    selfDeaf: flags.selfDeaf ?? presence.selfDeaf,
    stream: flags.stream ?? presence.stream,
    video: flags.video ?? presence.video,
    suppress,
    handRaisedAt: handRaisedAt(presence, flags, suppress, atMs),
  };
}

/** A speaker's hand is down: being let on the stage answers the request. */
function handRaisedAt(
  presence: VoicePresence,
  flags: VoiceFlags,
  suppress: boolean,
  atMs: number,
): string | null {
  if (!suppress) return null;
  if (flags.handRaised === undefined) return presence.handRaisedAt;
  return flags.handRaised ? (presence.handRaisedAt ?? isoTime(atMs)) : null;
}

function isSame(a: VoicePresence, b: VoicePresence): boolean {
  return (
    a.selfMute === b.selfMute &&
    a.selfDeaf === b.selfDeaf &&
    a.stream === b.stream &&
    a.video === b.video &&
    a.suppress === b.suppress &&
    a.handRaisedAt === b.handRaisedAt
  );
}

function withPresence(world: World, presence: VoicePresence): World {
  return { ...world, voice: withEntry(world.voice, presence.userId, presence) };
}

function voiceState(world: World, presence: VoicePresence, member: Member): Dispatch {
  return { t: "VOICE_STATE_UPDATE", d: wireVoiceState(world, presence, member, member) };
}

function statusUpdate(world: World, id: Snowflake, status: string | null): Dispatch {
  return { t: "VOICE_CHANNEL_STATUS_UPDATE", d: { id, guild_id: world.guild.id, status } };
}

function startTimeUpdate(world: World, id: Snowflake, startedAt: number | null): Dispatch {
  return {
    t: "VOICE_CHANNEL_START_TIME_UPDATE",
    d: { id, guild_id: world.guild.id, voice_start_time: startedAt },
  };
}
