import type { SourceStatus } from "@guildwire/receiver";

/** A room as this app shows it, with the names of the people in it. */
export interface VoiceRoom {
  readonly id: string;
  readonly name: string;
  readonly people: readonly string[];
}

/** The worker's word, or this app's own: nothing has come yet, or the worker is silent. */
export type Freshness = SourceStatus | "waiting";

export interface VoiceRooms {
  readonly freshness: Freshness;
  readonly rooms: readonly VoiceRoom[];
}
