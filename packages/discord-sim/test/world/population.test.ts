import { isSnowflake } from "@guildwire/discord-wire";
import { describe, expect, it } from "vitest";
import { truthOf } from "../../src/world/truth.ts";
import { wireGuildCreate } from "../../src/world/wire.ts";
import { displayName } from "../../src/world/world.ts";
import { makeWorld } from "./worlds.ts";

describe("the first world of a seed", () => {
  it("is the same every time", () => {
    expect(wireGuildCreate(makeWorld())).toEqual(wireGuildCreate(makeWorld()));
  });

  it("is another one for another seed", () => {
    const [a, b] = [makeWorld({ seed: 1 }), makeWorld({ seed: 2 })];
    const ids = new Set(a.channels.keys());
    expect([...b.channels.keys()].filter((id) => ids.has(id))).toEqual([]);
  });

  it("has as many people and visible rooms as asked for, about half of the people in voice", () => {
    const world = makeWorld({ people: 60, rooms: 8 });
    expect(world.members.size).toBe(61);
    expect(truthOf(world).rooms).toHaveLength(8);
    expect(world.voice.size).toBe(30);
  });

  it.each([0, 1, 20])("makes do with %i rooms", (rooms) => {
    expect(truthOf(makeWorld({ rooms })).rooms).toHaveLength(rooms);
  });

  it("gives everybody a name and an id of their own, however many there are", () => {
    const members = [...makeWorld({ people: 300 }).members.values()];
    expect(new Set(members.map(displayName)).size).toBe(301);
    expect(members.every(({ id }) => isSnowflake(id))).toBe(true);
  });

  it("has rooms of both kinds, categories, and a room the bot may not view", () => {
    const kinds = new Set([...makeWorld().channels.values()].map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual(["announcement", "category", "forum", "stage", "text", "voice"]);
    expect([...makeWorld().channels.values()].some(({ kind, hidden }) => kind === "voice" && hidden)).toBe(
      true,
    );
  });

  it("respects user limits", () => {
    for (const room of truthOf(makeWorld({ people: 200 })).rooms) {
      expect(room.userLimit === 0 || room.people.length <= room.userLimit).toBe(true);
    }
  });
});
