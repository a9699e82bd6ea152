import { GatewayIntent, shardOfGuild } from "@guildwire/discord-wire";
import { describe, expect, it } from "vitest";
import { channelNamed, GUILD_ID, person } from "../world/worlds.ts";
import { Scenario } from "./scenario.ts";

const { Guilds, GuildVoiceStates, GuildMembers, GuildPresences } = GatewayIntent;

function eventsWith(intents: number): readonly string[] {
  const gateway = new Scenario();
  const connection = gateway.live({ intents });
  const userId = person(gateway.world);
  gateway.command({ type: "join", userId, channelId: channelNamed(gateway.world, "Lounge").id });
  gateway.command({ type: "renameMember", userId, nick: "N" });
  gateway.command({ type: "renameGuild", name: "N" });
  return gateway.log(connection).flatMap((word) => (word.includes("#") ? [word.split("#")[0] ?? ""] : []));
}

describe("intents", () => {
  it("decide which events a session gets", () => {
    expect(eventsWith(Guilds)).toEqual([
      "READY",
      "GUILD_CREATE",
      "VOICE_CHANNEL_START_TIME_UPDATE",
      "GUILD_UPDATE",
    ]);
    expect(eventsWith(GuildVoiceStates)).toEqual(["READY", "VOICE_STATE_UPDATE"]);
    expect(eventsWith(GuildMembers)).toEqual(["READY", "GUILD_MEMBER_UPDATE"]);
    expect(eventsWith(0)).toEqual(["READY"]);
  });

  it("do not keep back a change of the bot's own member", () => {
    const gateway = new Scenario();
    const connection = gateway.live({ intents: Guilds });
    gateway.command({ type: "renameMember", userId: gateway.world.bot.id, nick: "W" });
    expect(gateway.log(connection).at(-1)).toBe("GUILD_MEMBER_UPDATE#3");
  });

  it("leave no gap in a session's sequence", () => {
    const gateway = new Scenario();
    const [voice, guilds] = [gateway.live({ intents: GuildVoiceStates }), gateway.live({ intents: Guilds })];
    const userId = person(gateway.world);
    gateway.command({ type: "join", userId, channelId: channelNamed(gateway.world, "Lounge").id });
    expect(gateway.log(voice).slice(1)).toEqual(["READY#1", "VOICE_STATE_UPDATE#2"]);
    expect(gateway.log(guilds).at(-1)).toBe("VOICE_CHANNEL_START_TIME_UPDATE#3");
  });
});

describe("GUILD_CREATE", () => {
  function guildWith(intents: number, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
    const gateway = new Scenario();
    gateway.command({
      type: "join",
      userId: person(gateway.world),
      channelId: channelNamed(gateway.world, "Lounge").id,
    });
    return gateway.event(gateway.live({ intents, ...more }), "GUILD_CREATE");
  }

  it("lists the bot and people in voice, and everybody with GUILD_PRESENCES", () => {
    expect(guildWith(Guilds | GuildVoiceStates)).toMatchObject({ member_count: 13 });
    expect(guildWith(Guilds | GuildVoiceStates)["members"]).toHaveLength(2);
    expect(guildWith(Guilds | GuildVoiceStates | GuildPresences)["members"]).toHaveLength(13);
  });

  it("has no voice states without their intent", () => {
    expect(guildWith(Guilds)["voice_states"]).toEqual([]);
    expect(guildWith(Guilds | GuildVoiceStates)["voice_states"]).toHaveLength(1);
  });

  it("calls itself large above the client's threshold", () => {
    expect(guildWith(Guilds)["large"]).toBe(false);
    expect(guildWith(Guilds, { large_threshold: 5 })["large"]).toBe(true);
  });
});

describe("shards", () => {
  it("keep a guild's events to the shard it falls on", () => {
    const gateway = new Scenario();
    const away = gateway.live({ shard: [1 - shardOfGuild(GUILD_ID, 2), 2] });
    gateway.command({ type: "renameGuild", name: "N" });
    expect(gateway.log(away)).toEqual(["10", "READY#1"]);
  });
});
