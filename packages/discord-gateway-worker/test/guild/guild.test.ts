import { describe, expect, it } from "vitest";
import { channel, GAMES, GUILD, LOUNGE, Story, voiceState } from "./discord.ts";

const READY = { session_id: "s", resume_gateway_url: "wss://r.test", user: { id: "9" } };

describe("GUILD_CREATE", () => {
  it("at first sight is one snapshot: nobody joined, they were there", () => {
    const story = new Story().create([voiceState("1", LOUNGE)]);
    expect(story.types).toEqual(["guild.snapshot"]);
    const snapshot = story.last("guild.snapshot");
    expect(snapshot).toMatchObject({ guild: { id: GUILD, name: "The Guild" }, status: "live" });
    expect(snapshot.rooms.map(({ name }) => name)).toEqual(["Lounge", "Games", "Town Hall"]);
    expect(snapshot.occupants).toMatchObject([{ roomId: LOUNGE, user: { name: "User 1" }, approx: true }]);
  });

  it("after a gap tells the differences as approximate events, and then everything", () => {
    const story = new Story()
      .create([voiceState("1", LOUNGE), voiceState("2", LOUNGE), voiceState("3", GAMES)])
      .hush();
    const channels = [channel(GAMES, 2, { name: "Games", position: 1 }), channel("209", 2, { name: "New" })];
    story.create([voiceState("1", GAMES), voiceState("3", GAMES, { self_mute: true })], { channels });
    expect(story.types).toEqual([
      "guild.updated",
      "room.created",
      "voice.left",
      "voice.joined",
      "voice.left",
      "voice.updated",
      "room.deleted",
      "room.deleted",
      "guild.snapshot",
    ]);
    for (const { type, data } of story.told) {
      if (type.startsWith("voice.") || type.startsWith("room.")) expect(data).toMatchObject({ approx: true });
    }
    expect(story.last("voice.joined")).toMatchObject({ user: { id: "1" }, movedFrom: LOUNGE });
  });

  it("that says what is known already tells nothing but the snapshot, and keeps everyone's times", () => {
    const story = new Story()
      .create()
      .voice("1", LOUNGE)
      .hush()
      .create([voiceState("1", LOUNGE)]);
    expect(story.types).toEqual(["guild.snapshot"]);
    expect(story.last("guild.snapshot").occupants).toMatchObject([{ since: "2026-11-21T09:00:02.000Z" }]);
    expect(story.last("guild.snapshot").occupants[0]?.approx).toBeUndefined();
  });
});

describe("an outage", () => {
  it.each([
    ["GUILD_DELETE", { id: GUILD, unavailable: true }],
    ["GUILD_CREATE", { id: GUILD, unavailable: true }],
  ])("told by %s lets nobody leave", (name, d) => {
    const story = new Story().create().voice("1", LOUNGE).hush().dispatch(name, d).dispatch(name, d);
    expect(story.types).toEqual(["guild.unavailable"]);
    expect(story.memory.occupants.size).toBe(1);
  });

  it("ends with the differences only", () => {
    const story = new Story().create([voiceState("1", LOUNGE), voiceState("2", LOUNGE)]);
    story
      .dispatch("GUILD_DELETE", { id: GUILD, unavailable: true })
      .hush()
      .create([voiceState("2", LOUNGE)]);
    expect(story.types).toEqual(["guild.available", "voice.left", "guild.snapshot"]);
  });
});

describe("the bot's removal", () => {
  it("clears everything with one event", () => {
    const story = new Story().create().voice("1", LOUNGE).hush().dispatch("GUILD_DELETE", { id: GUILD });
    expect(story.types).toEqual(["guild.removed"]);
    expect([story.memory.rooms.size, story.memory.occupants.size]).toEqual([0, 0]);
  });

  it("is seen in a READY that no longer lists the guild", () => {
    const story = new Story()
      .create()
      .hush()
      .dispatch("READY", { ...READY, guilds: [{ id: "666" }] });
    expect(story.types).toEqual(["guild.removed"]);
  });

  it("ends with a snapshot alone when the bot is invited again: nobody joined, they were there", () => {
    const story = new Story()
      .create()
      .voice("1", LOUNGE)
      .dispatch("GUILD_DELETE", { id: GUILD })
      .hush()
      .create([voiceState("1", LOUNGE), voiceState("2", LOUNGE)]);
    expect(story.types).toEqual(["guild.available", "guild.snapshot"]);
    expect(story.last("guild.snapshot").occupants).toMatchObject([{ approx: true }, { approx: true }]);
    expect(story.last("guild.snapshot").rooms).not.toEqual([]);
  });

  it("is not seen in a READY that lists it", () => {
    expect(
      new Story()
        .create()
        .hush()
        .dispatch("READY", { ...READY, guilds: [{ id: GUILD }] }).told,
    ).toEqual([]);
  });
});

describe("GUILD_UPDATE", () => {
  it("is told when the name or the icon changed", () => {
    const story = new Story().create().hush();
    story.dispatch("GUILD_UPDATE", { id: GUILD, name: "Renamed", icon: "abc" });
    story.dispatch("GUILD_UPDATE", { id: GUILD, name: "Renamed", icon: "abc" });
    expect(story.told).toMatchObject([{ type: "guild.updated", data: { guild: { name: "Renamed" } } }]);
  });
});
