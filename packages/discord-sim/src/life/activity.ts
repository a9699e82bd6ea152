import type { Random } from "@guildwire/runtime/random";
import { pick, pickWeighted } from "@guildwire/runtime/random";
import { NICKNAME_ENDINGS, STATUS_LINES } from "../world/catalogue.ts";
import type { VoiceFlags, WorldCommand } from "../world/command.ts";
import {
  type Channel,
  displayName,
  isRoom,
  type Member,
  occupantsOf,
  type VoicePresence,
  type World,
} from "../world/world.ts";
import { openRoom, renameRoom, shutRoom } from "./passing-room.ts";
import { fondness, isHost, liveliness, sociability } from "./temperament.ts";

/** One sort of thing that happens, how often compared to the others, and who it happens to. */
export interface Activity {
  readonly name: string;
  readonly weight: number;
  readonly propose: (world: World, random: Random) => WorldCommand | undefined;
}

/** What goes on in a server, most common first. The weights add up to about 100. */
export const ACTIVITIES: readonly Activity[] = [
  { name: "comes or goes", weight: 34, propose: comeOrGo },
  { name: "mutes or unmutes", weight: 24, propose: toggle(anyPresence, "selfMute", 0.5) },
  { name: "changes room", weight: 14, propose: changeRoom },
  { name: "deafens or undeafens", weight: 7, propose: deafen },
  { name: "turns the camera on or off", weight: 5, propose: toggle(inVoiceRoom, "video", 0.15) },
  { name: "starts or ends a stream", weight: 4, propose: toggle(inVoiceRoom, "stream", 0.12) },
  { name: "raises or lowers a hand", weight: 4, propose: raiseHand },
  { name: "is let on the stage or leaves it", weight: 3, propose: takeTheStage },
  { name: "drifts off", weight: 2, propose: driftOff },
  { name: "a room gets a status line", weight: 2, propose: describeRoom },
  { name: "is muted by a moderator, or no longer", weight: 0.6, propose: moderate },
  { name: "takes another nickname", weight: 0.3, propose: takeNickname },
  { name: "a room is renamed", weight: 0.1, propose: renameRoom },
  { name: "a room is opened for the evening", weight: 0.06, propose: openRoom },
  { name: "a passing room is shut", weight: 0.06, propose: shutRoom },
];

/** Joins or leaves, whichever brings the person closer to their usual share of time in voice. */
function comeOrGo(world: World, random: Random): WorldCommand | undefined {
  const person = pickWeighted(random, people(world), (member) => liveliness(member.id));
  if (person === undefined) return undefined;
  const inVoice = world.voice.has(person.id);
  const stays = inVoice ? sociability(person.id) : 1 - sociability(person.id);
  if (random() < stays) return undefined;
  if (inVoice) return { type: "leave", userId: person.id };
  const room = chooseRoom(world, random, person);
  if (room === undefined) return undefined;
  return { type: "join", userId: person.id, channelId: room.id, selfMute: random() < 0.35 };
}

function changeRoom(world: World, random: Random): WorldCommand | undefined {
  const presence = anyPresence(world, random);
  const person = presence && world.members.get(presence.userId);
  if (presence === undefined || person === undefined) return undefined;
  const room = chooseRoom(world, random, person, presence.channelId);
  return room && { type: "move", userId: person.id, channelId: room.id };
}

/** Goes to the AFK room, as people do whose client was idle for long enough. */
function driftOff(world: World, random: Random): WorldCommand | undefined {
  const { afkChannelId } = world.guild;
  const presence = anyPresence(world, random);
  if (presence === undefined || afkChannelId === null || presence.channelId === afkChannelId) {
    return undefined;
  }
  return { type: "move", userId: presence.userId, channelId: afkChannelId };
}

type Flag = "selfMute" | "selfDeaf" | "video" | "stream";

/** Deafening mutes as well, and undeafening unmutes, as Discord's own button does. */
function deafen(world: World, random: Random): WorldCommand | undefined {
  const command = toggle(anyPresence, "selfDeaf", 0.15)(world, random);
  if (command?.type !== "setVoiceFlags" || command.selfDeaf === undefined) return command;
  return { ...command, selfMute: command.selfDeaf };
}

/** Turns a flag on or off; `share` is the share of people who have it on at any time. */
function toggle(
  choose: (world: World, random: Random) => VoicePresence | undefined,
  flag: Flag,
  share: number,
): Activity["propose"] {
  return (world, random) => {
    const presence = choose(world, random);
    if (presence === undefined) return undefined;
    const isOn = presence[flag];
    if (random() < (isOn ? share : 1 - share)) return undefined;
    const flags: VoiceFlags = { [flag]: !isOn };
    return { type: "setVoiceFlags", userId: presence.userId, ...flags };
  };
}

function raiseHand(world: World, random: Random): WorldCommand | undefined {
  const audience = inStage(world).filter((presence) => presence.suppress);
  const presence = pickWeighted(random, audience, ({ userId }) => liveliness(userId));
  if (presence === undefined) return undefined;
  return { type: "setVoiceFlags", userId: presence.userId, handRaised: presence.handRaisedAt === null };
}

/** Hosts speak when they like; a raised hand is answered; a speaker goes back to the audience. */
function takeTheStage(world: World, random: Random): WorldCommand | undefined {
  const presence = pickWeighted(random, inStage(world), ({ userId, suppress, handRaisedAt }) => {
    if (!suppress) return isHost(userId) ? 0.2 : 1;
    return handRaisedAt !== null || isHost(userId) ? 3 : 0;
  });
  if (presence === undefined) return undefined;
  return { type: "setVoiceFlags", userId: presence.userId, suppress: !presence.suppress };
}

function moderate(world: World, random: Random): WorldCommand | undefined {
  const muted = [...world.voice.values()].find(({ userId }) => world.members.get(userId)?.mute === true);
  if (muted !== undefined) return { type: "setVoiceFlags", userId: muted.userId, mute: false };
  const presence = anyPresence(world, random);
  return presence && { type: "setVoiceFlags", userId: presence.userId, mute: true };
}

function describeRoom(world: World, random: Random): WorldCommand | undefined {
  const room = pick(
    random,
    visibleRooms(world).filter(({ kind, voiceStartedAt }) => kind === "voice" && voiceStartedAt !== null),
  );
  if (room === undefined) return undefined;
  const clears = room.status !== null && random() < 0.3;
  const status = clears ? null : (pick(random, STATUS_LINES) ?? null);
  return status === room.status ? undefined : { type: "setVoiceStatus", channelId: room.id, status };
}

function takeNickname(world: World, random: Random): WorldCommand | undefined {
  const person = pick(random, people(world));
  if (person === undefined) return undefined;
  if (person.nick !== null) return { type: "renameMember", userId: person.id, nick: null };
  const nick = `${displayName(person)} ${pick(random, NICKNAME_ENDINGS) ?? ""}`.trim();
  return { type: "renameMember", userId: person.id, nick };
}

/** A room somebody would go to: open, with space, not the AFK one, liked, and livelier for having people in it. */
function chooseRoom(world: World, random: Random, person: Member, besides?: string): Channel | undefined {
  return pickWeighted(random, visibleRooms(world), (room) => {
    if (room.id === besides || room.id === world.guild.afkChannelId) return 0;
    const present = occupantsOf(world, room.id).length;
    if (room.userLimit > 0 && present >= room.userLimit) return 0;
    return fondness(person.id, room.id) * (1 + Math.min(present, 6) / 3);
  });
}

function visibleRooms(world: World): readonly Channel[] {
  return [...world.channels.values()].filter((channel) => isRoom(channel) && !channel.hidden);
}

/** Everybody but the watching bot. */
function people(world: World): readonly Member[] {
  return [...world.members.values()].filter((member) => member.id !== world.bot.id);
}

function anyPresence(world: World, random: Random): VoicePresence | undefined {
  return pickWeighted(random, presences(world), ({ userId }) => liveliness(userId));
}

function inVoiceRoom(world: World, random: Random): VoicePresence | undefined {
  const candidates = presences(world).filter(
    ({ channelId }) =>
      channelId !== world.guild.afkChannelId && world.channels.get(channelId)?.kind === "voice",
  );
  return pickWeighted(random, candidates, ({ userId }) => liveliness(userId));
}

function inStage(world: World): readonly VoicePresence[] {
  return presences(world).filter(({ channelId }) => world.channels.get(channelId)?.kind === "stage");
}

function presences(world: World): readonly VoicePresence[] {
  return [...world.voice.values()].filter(({ userId }) => userId !== world.bot.id);
}
