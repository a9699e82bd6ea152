/** What a person is doing, in words and in the order of how much a visitor cares. */
import type { PersonView } from "@guildwire/client";

export type PersonState =
  | "streaming"
  | "handRaised"
  | "camera"
  | "silenced"
  | "mutedByModerator"
  | "muted"
  | "deafenedByModerator"
  | "deafened";

/**
 * Muted by a moderator counts before muted by choice, and is told from it. Who is suppressed on a stage is in its
 * audience, which the page shows by where they stand; elsewhere it means that they may not speak.
 */
export function personStates(person: PersonView, roomKind: "voice" | "stage"): readonly PersonState[] {
  const states: PersonState[] = [];
  if (person.stream) states.push("streaming");
  if (person.handRaised) states.push("handRaised");
  if (person.video) states.push("camera");
  if (person.suppress && roomKind === "voice") states.push("silenced");
  if (person.mute) states.push("mutedByModerator");
  else if (person.selfMute) states.push("muted");
  if (person.deaf) states.push("deafenedByModerator");
  else if (person.selfDeaf) states.push("deafened");
  return states;
}

export const STATE_WORDS: Readonly<Record<PersonState, string>> = {
  streaming: "streaming",
  handRaised: "hand raised",
  camera: "camera on",
  silenced: "may not speak here",
  mutedByModerator: "muted by a moderator",
  muted: "muted",
  deafenedByModerator: "deafened by a moderator",
  deafened: "deafened",
};
