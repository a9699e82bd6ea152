import { ChannelFlag, ChannelType } from "@guildwire/discord-wire";
import { describe, expect, it } from "vitest";
import { apply } from "../../../src/world/apply.ts";
import { channelNamed, GUILD_ID, given, NOW_MS, names, only, person, quietWorld, run } from "../worlds.ts";

const world = quietWorld();
const lounge = channelNamed(world, "Lounge").id;
const category = channelNamed(world, "Hang Out").id;

describe("creating a channel", () => {
  it("says CHANNEL_CREATE with the whole channel", () => {
    const created = run(world, {
      type: "createChannel",
      kind: "voice",
      name: "Attic",
      parentId: category,
      userLimit: 5,
    });
    expect(only(created.dispatches, "CHANNEL_CREATE")).toMatchObject({
      guild_id: GUILD_ID,
      type: ChannelType.GuildVoice,
      name: "Attic",
      parent_id: category,
      user_limit: 5,
      flags: 0,
    });
  });

  it.each([
    ["text", ChannelType.GuildText],
    ["announcement", ChannelType.GuildAnnouncement],
    ["forum", ChannelType.GuildForum],
    ["category", ChannelType.GuildCategory],
    ["stage", ChannelType.GuildStageVoice],
  ] as const)("knows %s channels", (kind, type) => {
    const created = run(world, { type: "createChannel", kind, name: "x" });
    expect(only(created.dispatches, "CHANNEL_CREATE").type).toBe(type);
  });

  it("gives ids that grow", () => {
    const first = run(world, { type: "createChannel", kind: "text", name: "a" });
    const second = run(first.world, { type: "createChannel", kind: "text", name: "b" });
    const ids = [first, second].map(({ dispatches }) => BigInt(only(dispatches, "CHANNEL_CREATE").id));
    expect(ids[1]).toBeGreaterThan(ids[0] ?? 0n);
    expect(ids[0]).toBeGreaterThan(BigInt(lounge));
  });

  it("refuses a parent that is no category", () => {
    const change = apply(
      world,
      { type: "createChannel", kind: "voice", name: "x", parentId: lounge },
      NOW_MS,
    );
    expect(change).toEqual({ ok: false, field: "parentId", problem: "is not a category" });
  });
});

describe("changing a channel", () => {
  it("says CHANNEL_UPDATE with the whole channel as it is now", () => {
    const updated = run(world, { type: "updateChannel", channelId: lounge, name: "Salon", parentId: null });
    expect(only(updated.dispatches, "CHANNEL_UPDATE")).toMatchObject({
      id: lounge,
      name: "Salon",
      parent_id: null,
    });
    expect(names(updated.world, { type: "updateChannel", channelId: lounge, name: "Salon" })).toEqual([]);
  });

  it("obfuscates a channel the bot may no longer view, and tells all of it again later", () => {
    const hidden = run(world, { type: "updateChannel", channelId: lounge, hidden: true });
    expect(only(hidden.dispatches, "CHANNEL_UPDATE")).toMatchObject({
      id: lounge,
      name: "___hidden___",
      type: ChannelType.GuildVoice,
      flags: ChannelFlag.Obfuscated,
      permission_overwrites: [{ id: GUILD_ID, type: 0, allow: "0", deny: "1024" }],
    });
    const shown = run(hidden.world, { type: "updateChannel", channelId: lounge, hidden: false });
    expect(only(shown.dispatches, "CHANNEL_UPDATE")).toMatchObject({ name: "Lounge", flags: 0 });
  });

  it("keeps quiet about status and start time of a hidden room, but not about who is in", () => {
    const hidden = given(world, { type: "updateChannel", channelId: lounge, hidden: true });
    const userId = person(world);
    expect(names(hidden, { type: "join", userId, channelId: lounge })).toEqual(["VOICE_STATE_UPDATE"]);
    const inside = given(hidden, { type: "join", userId, channelId: lounge });
    expect(names(inside, { type: "setVoiceStatus", channelId: lounge, status: "x" })).toEqual([]);
  });
});

describe("deleting a channel", () => {
  it("says CHANNEL_DELETE, then that everybody in it is out of voice", () => {
    const [a, b] = [person(world), person(world, 1)];
    const busy = given(
      world,
      { type: "join", userId: a, channelId: lounge },
      { type: "join", userId: b, channelId: lounge },
    );
    const deleted = run(busy, { type: "deleteChannel", channelId: lounge });
    expect(deleted.dispatches.map(({ t }) => t)).toEqual([
      "CHANNEL_DELETE",
      "VOICE_STATE_UPDATE",
      "VOICE_STATE_UPDATE",
    ]);
    expect(
      deleted.dispatches.flatMap(({ t, d }) =>
        t === "VOICE_STATE_UPDATE" ? [[d.user_id, d.channel_id]] : [],
      ),
    ).toEqual([
      [a, null],
      [b, null],
    ]);
    expect(deleted.world.voice.size).toBe(0);
  });

  it("sets the channels of a deleted category free first", () => {
    const children = [...world.channels.values()].filter(({ parentId }) => parentId === category).length;
    expect(names(world, { type: "deleteChannel", channelId: category })).toEqual([
      ...Array.from({ length: children }, () => "CHANNEL_UPDATE"),
      "CHANNEL_DELETE",
    ]);
  });

  it("leaves the server without an AFK room when that was it", () => {
    const deleted = given(world, { type: "deleteChannel", channelId: channelNamed(world, "AFK").id });
    expect(deleted.guild.afkChannelId).toBeNull();
  });
});
