import { describe, expect, it } from "vitest";
import { apply } from "../../../src/world/apply.ts";
import { channelNamed, GUILD_ID, given, NOW_MS, names, only, person, quietWorld, run } from "../worlds.ts";

const world = quietWorld();
const userId = person(world);

describe("members", () => {
  it("come with GUILD_MEMBER_ADD", () => {
    const added = run(world, { type: "addMember", name: "New Face" });
    expect(only(added.dispatches, "GUILD_MEMBER_ADD")).toMatchObject({
      guild_id: GUILD_ID,
      nick: null,
      user: { username: "new_face", global_name: "New Face" },
    });
  });

  it("take a nickname and drop it with GUILD_MEMBER_UPDATE", () => {
    const renamed = run(world, { type: "renameMember", userId, nick: "Boss" });
    expect(only(renamed.dispatches, "GUILD_MEMBER_UPDATE")).toMatchObject({
      guild_id: GUILD_ID,
      nick: "Boss",
      user: { id: userId },
    });
    expect(names(renamed.world, { type: "renameMember", userId, nick: "Boss" })).toEqual([]);
    const dropped = run(renamed.world, { type: "renameMember", userId, nick: null });
    expect(only(dropped.dispatches, "GUILD_MEMBER_UPDATE").nick).toBeNull();
  });

  it("go with GUILD_MEMBER_REMOVE, and out of voice if they were in", () => {
    expect(names(world, { type: "removeMember", userId })).toEqual(["GUILD_MEMBER_REMOVE"]);
    const inVoice = given(world, { type: "join", userId, channelId: channelNamed(world, "Lounge").id });
    expect(names(inVoice, { type: "removeMember", userId }).slice(0, 2)).toEqual([
      "GUILD_MEMBER_REMOVE",
      "VOICE_STATE_UPDATE",
    ]);
  });

  it("include the bot, which only `removeBot` takes away", () => {
    const change = apply(world, { type: "removeMember", userId: world.bot.id }, NOW_MS);
    expect(change).toMatchObject({ ok: false, field: "userId" });
  });
});
