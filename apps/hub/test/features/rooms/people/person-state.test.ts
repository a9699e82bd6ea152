import type { PersonView } from "@guildwire/client";
import { expect, it } from "vitest";
import { personStates } from "../../../../src/features/rooms/people/person-state.ts";

const QUIET: PersonView = {
  id: "1",
  roomId: "7",
  name: "Ann",
  avatarUrl: null,
  bot: false,
  flags: 0,
  selfMute: false,
  selfDeaf: false,
  mute: false,
  deaf: false,
  suppress: false,
  stream: false,
  video: false,
  handRaised: false,
  since: 1,
  roomSince: 1,
  approx: false,
};

it("has nothing to say of someone who just talks", () => {
  expect(personStates(QUIET, "voice")).toEqual([]);
});

it("tells what a moderator did from what a person chose, and names only the stronger", () => {
  expect(personStates({ ...QUIET, selfMute: true, selfDeaf: true }, "voice")).toEqual(["muted", "deafened"]);
  expect(personStates({ ...QUIET, mute: true, selfMute: true, deaf: true, selfDeaf: true }, "voice")).toEqual(
    ["mutedByModerator", "deafenedByModerator"],
  );
});

it("puts first what a visitor looks for", () => {
  const busy = { ...QUIET, stream: true, video: true, handRaised: true, selfMute: true };
  expect(personStates(busy, "voice")).toEqual(["streaming", "handRaised", "camera", "muted"]);
});

it("takes suppression for a place in the audience on a stage, and for silence elsewhere", () => {
  expect(personStates({ ...QUIET, suppress: true }, "stage")).toEqual([]);
  expect(personStates({ ...QUIET, suppress: true }, "voice")).toEqual(["silenced"]);
});
