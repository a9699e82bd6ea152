/**
 * A server's voice life as Discord's own JSON, made beforehand, so that sending it costs next to nothing: pure.
 *
 * Everybody begins in a room, not muted, and goes round: mutes, unmutes, leaves, comes back. Each frame is one step of
 * one person, so each frame is exactly one event of the worker's, and the number of frames is the number of events.
 */
export interface VoiceGuildSize {
  readonly rooms: number;
  /** In voice at the start; from then on about three in four of them. */
  readonly people: number;
}

export const GUILD_ID = "900000000000000001";

export interface VoiceGuild {
  /** `d` of GUILD_CREATE. */
  readonly guildCreate: string;
  /** `d` of the next VOICE_STATE_UPDATE. */
  next(): string;
}

interface Step {
  readonly isHere: boolean;
  readonly isMuted: boolean;
}

const START: Step = { isHere: true, isMuted: false };
const ROUND: readonly Step[] = [
  { isHere: true, isMuted: true },
  START,
  { isHere: false, isMuted: false },
  START,
];

export function voiceGuild({ rooms, people }: VoiceGuildSize): VoiceGuild {
  const roomOf = (person: number): string => roomId(person % rooms);
  const guildCreate = JSON.stringify({
    id: GUILD_ID,
    name: "The measured server",
    icon: null,
    unavailable: false,
    large: people > 250,
    member_count: people,
    joined_at: JOINED_AT,
    channels: Array.from({ length: rooms }, (_, room) => channel(room)),
    members: Array.from({ length: people }, (_, person) => member(person)),
    voice_states: Array.from({ length: people }, (_, person) => voiceState(person, roomOf(person), START)),
    presences: [],
    threads: [],
    stage_instances: [],
    guild_scheduled_events: [],
  });
  const steps = ROUND.map((step) =>
    Array.from({ length: people }, (_, person) =>
      JSON.stringify({
        member: member(person),
        ...voiceState(person, step.isHere ? roomOf(person) : null, step),
        guild_id: GUILD_ID,
      }),
    ),
  );
  let taken = 0;
  return {
    guildCreate,
    next() {
      const round = Math.floor(taken / people);
      const text = steps[round % ROUND.length]?.[taken % people] ?? "";
      taken += 1;
      return text;
    },
  };
}

/** A frame as Discord writes it: its keys come in this order. */
export function dispatchFrame(name: string, seq: number, d: string): string {
  return `{"t":"${name}","s":${seq},"op":0,"d":${d}}`;
}

/** Of somebody in another server. */
export function voiceStateOf(guildId: string, person: number): string {
  const state = voiceState(person, roomId(person), START);
  return JSON.stringify({ member: member(person), ...state, guild_id: guildId });
}

const JOINED_AT = "2026-01-01T00:00:00.000000+00:00";
const roomId = (room: number): string => String(910_000_000_000_000_000n + BigInt(room));
const userId = (person: number): string => String(920_000_000_000_000_000n + BigInt(person));
const hex = (number: number): string => number.toString(16).padStart(32, "a");

function channel(room: number) {
  return {
    id: roomId(room),
    type: 2,
    name: `Room ${room}`,
    position: room,
    parent_id: null,
    user_limit: 0,
    bitrate: 64_000,
    rtc_region: null,
    permission_overwrites: [],
    last_message_id: null,
    rate_limit_per_user: 0,
    nsfw: false,
    flags: 0,
  };
}

function member(person: number) {
  return {
    user: {
      id: userId(person),
      username: `person${person}`,
      discriminator: "0",
      global_name: `Person ${person}`,
      public_flags: 0,
      primary_guild: null,
      collectibles: null,
      display_name_styles: null,
      bot: false,
      avatar_decoration_data: null,
      avatar: hex(person),
    },
    roles: ["930000000000000001", "930000000000000002"],
    premium_since: null,
    pending: false,
    nick: null,
    mute: false,
    joined_at: JOINED_AT,
    flags: 0,
    deaf: false,
    communication_disabled_until: null,
    banner: null,
    avatar: null,
  };
}

function voiceState(person: number, room: string | null, { isMuted }: Step) {
  return {
    user_id: userId(person),
    suppress: false,
    session_id: hex(person).slice(0, 32),
    self_video: false,
    self_mute: isMuted,
    self_deaf: false,
    request_to_speak_timestamp: null,
    mute: false,
    deaf: false,
    channel_id: room,
  };
}
