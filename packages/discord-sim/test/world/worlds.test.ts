import { shardOfGuild } from "@guildwire/discord-wire";
import { describe, expect, it } from "vitest";
import { apply } from "../../src/world/apply.ts";
import { GuildCollection } from "../../src/world/worlds.ts";
import { GUILD_ID, NOW_MS } from "./worlds.ts";

function collection(count: number): GuildCollection {
  const first = { seed: 7, people: 12, rooms: 8, guildId: GUILD_ID, atMs: NOW_MS };
  return new GuildCollection(first, { count, people: 5, rooms: 2 });
}

describe("the servers beside the watched one", () => {
  it("are the same again whenever they are asked for, and share the bot alone", () => {
    const [, otherId] = collection(3).guildIds;
    if (otherId === undefined) throw new Error("no other server");
    const [once, again] = [collection(3).worldOf(otherId), collection(3).worldOf(otherId)];
    expect(once).toEqual(again);
    const { watched } = collection(3);
    const shared = [...(once?.members.keys() ?? [])].filter((id) => watched.members.has(id));
    expect(shared).toEqual([watched.bot.id]);
  });

  it("keep what has happened in them", () => {
    const worlds = collection(2);
    const [, otherId] = worlds.guildIds;
    const world = otherId && worlds.worldOf(otherId);
    if (!world) throw new Error("no other server");
    const change = apply(world, { type: "renameGuild", name: "Elsewhere" }, NOW_MS);
    if (!change.ok) throw new Error(change.problem);
    worlds.replace(change.world);
    expect(worlds.worldOf(world.guild.id)?.guild.name).toBe("Elsewhere");
    expect(worlds.watched.guild.name).not.toBe("Elsewhere");
  });

  it("spread over shards and can be found by their channels and people", () => {
    const worlds = collection(400);
    const onFirst = worlds.guildIds.filter((id) => shardOfGuild(id, 4) === 0).length;
    expect(onFirst).toBeGreaterThan(60);
    expect(onFirst).toBeLessThan(140);
    const world = worlds.worldOf(worlds.guildIds[300] ?? GUILD_ID);
    const [channelId] = world?.channels.keys() ?? [];
    const personId = [...(world?.members.keys() ?? [])].at(-1);
    if (channelId === undefined || personId === undefined) throw new Error("an empty server");
    expect(worlds.guildOfChannel(channelId)?.guild.id).toBe(world?.guild.id);
    expect(worlds.memberAnywhere(personId)?.id).toBe(personId);
  });
});
