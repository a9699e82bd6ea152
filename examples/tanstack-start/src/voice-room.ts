/** A room as this app shows it, with the names of the people in it. */
export interface VoiceRoom {
  readonly id: string;
  readonly name: string;
  readonly people: readonly string[];
}
