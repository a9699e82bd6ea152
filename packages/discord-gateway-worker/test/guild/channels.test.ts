import { describe, expect, it } from "vitest";
import { CATEGORY, channel, GUILD, HIDDEN_FLAG, LOUNGE, STAGE, Story, TEXT } from "./discord.ts";

describe("a channel", () => {
  it("of the voice or stage kind is a room", () => {
    const story = new Story().create().hush();
    story.dispatch(
      "CHANNEL_CREATE",
      channel("900", 13, { name: "Panel", parent_id: CATEGORY, user_limit: 50 }),
    );
    expect(story.told).toEqual([
      {
        type: "room.created",
        data: {
          room: {
            id: "900",
            name: "Panel",
            kind: "stage",
            position: 0,
            parentId: CATEGORY,
            userLimit: 50,
            status: null,
            startedAt: null,
          },
        },
      },
    ]);
  });

  it("of any other kind is none", () => {
    expect(new Story().create().hush().dispatch("CHANNEL_CREATE", channel("901", 0)).told).toEqual([]);
  });

  it("that changes is told once, however often it repeats", () => {
    const renamed = channel(LOUNGE, 2, { name: "Lobby", parent_id: CATEGORY, user_limit: 5 });
    const story = new Story()
      .create()
      .hush()
      .dispatch("CHANNEL_UPDATE", renamed)
      .dispatch("CHANNEL_UPDATE", renamed);
    expect(story.types).toEqual(["room.updated"]);
    expect(story.last("room.updated").room.name).toBe("Lobby");
  });

  it("that is deleted with people inside lets them leave first", () => {
    const story = new Story().create().voice("1", LOUNGE).voice("2", STAGE).hush();
    story.dispatch("CHANNEL_DELETE", channel(LOUNGE, 2));
    expect(story.types).toEqual(["voice.left", "room.deleted"]);
    expect(story.hush().voice("1", null).told).toEqual([]);
    expect([...story.memory.occupants.keys()]).toEqual(["2"]);
  });

  it("that becomes hidden is deleted without a rename, and its people are told again when it comes back", () => {
    const story = new Story().create().voice("1", LOUNGE).hush();
    story.dispatch("CHANNEL_UPDATE", channel(LOUNGE, 2, { name: "___hidden___", flags: HIDDEN_FLAG }));
    expect(story.types).toEqual(["voice.left", "room.deleted"]);
    expect(story.last("room.deleted").room.name).toBe("Lounge");
    story.hush().dispatch("CHANNEL_UPDATE", channel(LOUNGE, 2, { name: "Lounge" }));
    expect(story.types).toEqual(["room.created", "voice.joined"]);
  });

  it("that turns from voice into text is deleted as a room", () => {
    expect(new Story().create().hush().dispatch("CHANNEL_UPDATE", channel(LOUNGE, 0)).types).toEqual([
      "room.deleted",
    ]);
  });

  it.each([
    ["stage", "voice", STAGE, 2],
    ["voice", "stage", LOUNGE, 13],
  ])("that turns from %s into %s has no status until one is set", (_from, kind, id, type) => {
    const story = new Story().create();
    if (id === STAGE)
      story.dispatch("STAGE_INSTANCE_CREATE", {
        id: "9",
        guild_id: GUILD,
        channel_id: STAGE,
        topic: "Welcome",
        privacy_level: 2,
      });
    else story.dispatch("VOICE_CHANNEL_STATUS_UPDATE", { id: LOUNGE, guild_id: GUILD, status: "Chess" });
    expect(story.memory.rooms.get(id)?.status).not.toBeNull();
    story.hush().dispatch("CHANNEL_UPDATE", channel(id, type));
    expect(story.types).toEqual(["room.updated"]);
    expect(story.last("room.updated").room).toMatchObject({ kind, status: null });
  });

  it("that turned into another type while the session was lost has no old status", () => {
    const story = new Story()
      .create()
      .dispatch("VOICE_CHANNEL_STATUS_UPDATE", { id: LOUNGE, guild_id: GUILD, status: "Chess" })
      .create([], { channels: [channel(LOUNGE, 13)] });
    expect(story.last("guild.snapshot").rooms).toMatchObject([{ id: LOUNGE, kind: "stage", status: null }]);
  });

  it("of the category kind is a heading of the guild", () => {
    const story = new Story().create().hush();
    story.dispatch("CHANNEL_UPDATE", channel(CATEGORY, 4, { name: "Hangout" }));
    expect(story.last("guild.updated").categories).toEqual([{ id: CATEGORY, name: "Hangout", position: 0 }]);
  });
});

describe("status and start time", () => {
  it("come with CHANNEL_INFO and are kept when the channel changes", () => {
    const story = new Story().create().hush();
    story.dispatch("CHANNEL_INFO", {
      guild_id: GUILD,
      channels: [{ id: LOUNGE, status: "Co-op night", voice_start_time: 1_790_000_000 }, { id: TEXT }],
    });
    const startedAt = "2026-09-21T14:13:20.000Z";
    expect(story.told).toEqual([
      { type: "room.status", data: { roomId: LOUNGE, status: "Co-op night", startedAt } },
    ]);
    story.dispatch("CHANNEL_UPDATE", channel(LOUNGE, 2, { name: "Lobby" }));
    expect(story.last("room.updated").room).toMatchObject({ status: "Co-op night", startedAt });
  });

  it("change one by one", () => {
    const story = new Story().create().hush();
    story.dispatch("VOICE_CHANNEL_STATUS_UPDATE", { id: LOUNGE, guild_id: GUILD, status: "hi" });
    story.dispatch("VOICE_CHANNEL_START_TIME_UPDATE", { id: LOUNGE, guild_id: GUILD, voice_start_time: 1 });
    expect(story.last("room.status")).toMatchObject({ status: "hi", startedAt: "1970-01-01T00:00:01.000Z" });
    story.dispatch("VOICE_CHANNEL_START_TIME_UPDATE", {
      id: LOUNGE,
      guild_id: GUILD,
      voice_start_time: null,
    });
    expect(story.last("room.status")).toMatchObject({ status: "hi", startedAt: null });
  });
});

describe("a stage", () => {
  const stage = { id: "7", guild_id: GUILD, channel_id: STAGE, topic: "Ask us anything", privacy_level: 2 };

  it("has its topic for a status line while it is live", () => {
    const story = new Story().create().hush().dispatch("STAGE_INSTANCE_CREATE", stage);
    expect(story.last("room.status")).toMatchObject({ roomId: STAGE, status: "Ask us anything" });
    story.dispatch("STAGE_INSTANCE_UPDATE", { ...stage, topic: "Closing words" });
    expect(story.last("room.status").status).toBe("Closing words");
    story.dispatch("STAGE_INSTANCE_DELETE", stage);
    expect(story.last("room.status").status).toBeNull();
  });

  it("that is live when the guild comes is in the snapshot, and CHANNEL_INFO does not take its topic away", () => {
    const story = new Story().create([], { stage_instances: [stage] });
    const room = story.last("guild.snapshot").rooms.find(({ id }) => id === STAGE);
    expect(room?.status).toBe("Ask us anything");
    story.hush().dispatch("CHANNEL_INFO", { guild_id: GUILD, channels: [{ id: STAGE, status: null }] });
    expect(story.told).toEqual([]);
  });
});
