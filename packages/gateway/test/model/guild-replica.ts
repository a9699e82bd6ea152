/** The rooms and people of the one server, folded from dispatches alone: a small and independent worker. */
import { ChannelFlag, ChannelType } from "@guildwire/discord-wire";

export interface Dispatch {
  readonly name: string;
  readonly d: unknown;
}

interface Room {
  readonly name: string;
  readonly hidden: boolean;
}

interface WireChannel {
  readonly id: string;
  readonly type: number;
  readonly name: string;
  readonly flags?: number;
}

interface WireVoice {
  readonly user_id: string;
  readonly channel_id: string | null;
  readonly self_mute: boolean;
}

export interface Replica {
  name: string;
  available: boolean;
  readonly rooms: Map<string, Room>;
  readonly people: Map<string, { readonly roomId: string; readonly selfMute: boolean }>;
}

export function emptyReplica(): Replica {
  return { name: "", available: false, rooms: new Map(), people: new Map() };
}

export function fold(replica: Replica, { name, d }: Dispatch): void {
  switch (name) {
    case "GUILD_CREATE": {
      const guild = d as { name: string; channels: WireChannel[]; voice_states: WireVoice[] };
      replica.name = guild.name;
      replica.available = true;
      replica.rooms.clear();
      replica.people.clear();
      for (const channel of guild.channels) putChannel(replica, channel);
      for (const voice of guild.voice_states) putVoice(replica, voice);
      return;
    }
    case "GUILD_DELETE":
      replica.available = false;
      return;
    case "GUILD_UPDATE":
      replica.name = (d as { name: string }).name;
      return;
    case "CHANNEL_CREATE":
    case "CHANNEL_UPDATE":
      putChannel(replica, d as WireChannel);
      return;
    case "CHANNEL_DELETE":
      replica.rooms.delete((d as WireChannel).id);
      return;
    case "VOICE_STATE_UPDATE":
      putVoice(replica, d as WireVoice);
      return;
    default:
  }
}

function putChannel(replica: Replica, { id, type, name, flags }: WireChannel): void {
  if (type !== ChannelType.GuildVoice && type !== ChannelType.GuildStageVoice) return;
  replica.rooms.set(id, { name, hidden: ((flags ?? 0) & ChannelFlag.Obfuscated) !== 0 });
}

function putVoice(replica: Replica, voice: WireVoice): void {
  if (voice.channel_id === null) replica.people.delete(voice.user_id);
  else replica.people.set(voice.user_id, { roomId: voice.channel_id, selfMute: voice.self_mute });
}

/** One line per fact, in an order of its own, to be compared with `linesOfTruth`. */
export function linesOfReplica(replica: Replica): readonly string[] {
  if (!replica.available) return ["unavailable"];
  const rooms = [...replica.rooms].filter(([, room]) => !room.hidden);
  const people = [...replica.people].filter(([, { roomId }]) => replica.rooms.get(roomId)?.hidden === false);
  return [
    `guild ${replica.name}`,
    ...rooms.map(([id, room]) => `room ${id} ${room.name}`),
    ...people.map(([id, { roomId, selfMute }]) => `person ${id} in ${roomId}${selfMute ? " muted" : ""}`),
  ].toSorted();
}

interface TruthLike {
  readonly guild: { readonly name: string };
  readonly available: boolean;
  readonly rooms: readonly {
    readonly id: string;
    readonly name: string;
    readonly people: readonly { readonly id: string; readonly selfMute: boolean }[];
  }[];
}

export function linesOfTruth(truth: TruthLike): readonly string[] {
  if (!truth.available) return ["unavailable"];
  return [
    `guild ${truth.guild.name}`,
    ...truth.rooms.map((room) => `room ${room.id} ${room.name}`),
    ...truth.rooms.flatMap((room) =>
      room.people.map(({ id, selfMute }) => `person ${id} in ${room.id}${selfMute ? " muted" : ""}`),
    ),
  ].toSorted();
}
