import { describe, expect, it } from "vitest";
import { channelNamed, GUILD_ID, given, names, only, person, quietWorld, run } from "./worlds.ts";

const world = quietWorld();

describe("the server as a whole", () => {
  it("is renamed with GUILD_UPDATE, which has none of the lists of GUILD_CREATE", () => {
    const update = only(run(world, { type: "renameGuild", name: "Harbour" }).dispatches, "GUILD_UPDATE");
    expect(update).toMatchObject({ id: GUILD_ID, name: "Harbour" });
    expect(update).not.toHaveProperty("channels");
  });

  it("goes down with GUILD_DELETE `unavailable`, and is told whole when it is back", () => {
    const down = run(world, { type: "guildUnavailable" });
    expect(down.dispatches).toEqual([{ t: "GUILD_DELETE", d: { id: GUILD_ID, unavailable: true } }]);
    const userId = person(world);
    const join = { type: "join", userId, channelId: channelNamed(world, "Lounge").id } as const;
    expect(names(down.world, join)).toEqual([]);
    const back = run(given(down.world, join), { type: "guildAvailable" });
    expect(only(back.dispatches, "GUILD_CREATE").voice_states).toMatchObject([
      { user_id: userId, channel_id: join.channelId },
    ]);
  });

  it("is lost without `unavailable` when the bot is removed", () => {
    const { dispatches } = run(world, { type: "removeBot" });
    expect(dispatches).toEqual([{ t: "GUILD_DELETE", d: { id: GUILD_ID } }]);
  });

  it("says nothing twice", () => {
    const down = given(world, { type: "guildUnavailable" });
    expect(names(down, { type: "guildUnavailable" })).toEqual([]);
    expect(names(world, { type: "guildAvailable" })).toEqual([]);
  });

  it("is left as it was by a command", () => {
    const before = JSON.stringify([...world.channels, ...world.members, ...world.voice]);
    run(world, { type: "deleteChannel", channelId: channelNamed(world, "Hang Out").id });
    expect(JSON.stringify([...world.channels, ...world.members, ...world.voice])).toBe(before);
  });
});
