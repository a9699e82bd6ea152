/**
 * The topic `voice/<guild id>/<view>`: a guild's voice rooms and the people in them, as a map.
 *   "m"             one MetaValue
 *   "c:<id>"        a CategoryValue for every category that has rooms
 *   "r:<id>"        a RoomValue
 *   "u:<user id>"   a PersonValue (Discord allows one place in voice per user and guild)
 * Who is in a room, counts and order are derived, never stored.
 */
export function voiceTopic(guildId: string, view = "public"): string {
  return `voice/${guildId}/${view}`;
}

/** `stale`: the worker has been silent; nobody knows what is true now. The others as in the worker's events. */
export type SourceStatus = "live" | "resync" | "stale" | "outage" | "gone";

export interface MetaValue {
  readonly guild: { readonly id: string; readonly name: string; readonly iconUrl: string | null };
  /** `since`: Unix ms at which this status began. `reason`: the worker's word for why, such as `discord_silent`. */
  readonly source: { readonly status: SourceStatus; readonly since: number; readonly reason?: string };
  /** Set in a view of rooms alone: that nobody is in them says nothing. */
  readonly people?: "none";
}

export interface CategoryValue {
  readonly name: string;
  readonly position: number;
}

export interface RoomValue {
  readonly name: string;
  readonly kind: "voice" | "stage";
  readonly position: number;
  readonly parentId: string | null;
  /** 0 = no limit. */
  readonly userLimit: number;
  readonly status: string | null;
  /** Unix ms at which the present conversation began. */
  readonly startedAt: number | null;
}

export interface PersonValue {
  readonly room: string;
  readonly name: string;
  readonly avatarUrl: string | null;
  readonly bot: boolean;
  /** Bits of `PersonFlag`. */
  readonly flags: number;
  /** Unix ms: in voice since, in this room since. Guesses when `approx` is set. */
  readonly since: number;
  readonly roomSince: number;
  readonly approx?: true;
}

export type VoiceValue = MetaValue | CategoryValue | RoomValue | PersonValue;

/** An `Entry` of a voice topic, with its value's type: what a page is rendered from. */
export type VoiceEntry = readonly [key: string, value: VoiceValue, rev: number];

export const PersonFlag = {
  SelfMute: 1,
  SelfDeaf: 2,
  Mute: 4,
  Deaf: 8,
  Suppress: 16,
  Stream: 32,
  Video: 64,
  HandRaised: 128,
} as const;
