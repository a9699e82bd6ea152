import { describe, expect, it } from "vitest";
import { truthOf } from "../../src/world/truth.ts";
import { channelNamed, given, person, quietWorld } from "./worlds.ts";

const world = quietWorld();
const lounge = channelNamed(world, "Lounge").id;

describe("the truth", () => {
  it("lists rooms without a category first, then category by category", () => {
    expect(truthOf(world).rooms.map(({ name }) => name)).toEqual([
      "AFK",
      "Lounge",
      "Game Night",
      "Music",
      "Study Hall",
      "Pair Desk",
      "Town Hall",
      "Watch Party",
    ]);
  });

  it("follows positions, and age where they tie", () => {
    const moved = given(world, { type: "updateChannel", channelId: lounge, position: 10_000 });
    expect(
      truthOf(moved)
        .rooms.slice(1, 4)
        .map(({ name }) => name),
    ).toEqual(["Game Night", "Music", "Lounge"]);
  });

  it("leaves out rooms the bot may not view", () => {
    const hidden = given(world, { type: "updateChannel", channelId: lounge, hidden: true });
    expect(truthOf(hidden).rooms.map(({ id }) => id)).not.toContain(lounge);
  });

  it("shows people with their flags and the name the server sees", () => {
    const userId = person(world);
    const busy = given(
      world,
      { type: "join", userId, channelId: lounge, selfMute: true },
      { type: "setVoiceFlags", userId, stream: true, deaf: true },
      { type: "renameMember", userId, nick: "Ann" },
    );
    expect(truthOf(busy).rooms.find(({ id }) => id === lounge)?.people).toEqual([
      {
        id: userId,
        name: "Ann",
        bot: false,
        selfMute: true,
        selfDeaf: false,
        mute: false,
        deaf: true,
        suppress: false,
        stream: true,
        video: false,
        handRaised: false,
      },
    ]);
  });

  it("says when the server cannot be seen", () => {
    expect(truthOf(given(world, { type: "guildUnavailable" })).available).toBe(false);
    expect(truthOf(given(world, { type: "removeBot" })).available).toBe(false);
  });
});
