import { GatewayIntent, GatewayOpcode } from "@guildwire/discord-wire";
import { describe, expect, it } from "vitest";
import { channelNamed, GUILD_ID, NOW_MS, person } from "../world/worlds.ts";
import { Scenario, VOICE_INTENTS } from "./scenario.ts";

describe("Request Channel Info", () => {
  it("is answered with status and start time of the rooms the bot may view", () => {
    const gateway = new Scenario();
    const lounge = channelNamed(gateway.world, "Lounge").id;
    gateway.command({ type: "join", userId: person(gateway.world), channelId: lounge });
    gateway.command({ type: "setVoiceStatus", channelId: lounge, status: "tea" });
    const connection = gateway.live();
    const fields = ["status", "voice_start_time"];
    gateway.send(connection, GatewayOpcode.RequestChannelInfo, { guild_id: GUILD_ID, fields });
    const channels = gateway.event(connection, "CHANNEL_INFO")["channels"];
    expect(channels).toHaveLength(8);
    expect(channels).toContainEqual({
      id: lounge,
      status: "tea",
      voice_start_time: Math.floor(NOW_MS / 1000),
    });
  });

  it("tells only the fields asked for", () => {
    const gateway = new Scenario();
    const connection = gateway.live();
    gateway.send(connection, GatewayOpcode.RequestChannelInfo, { guild_id: GUILD_ID, fields: ["status"] });
    const channels = gateway.event(connection, "CHANNEL_INFO")["channels"] as object[];
    expect(Object.keys(channels[0] ?? {})).toEqual(["id", "status"]);
  });

  it("of the wrong form ends in 4001; of another guild it stays unanswered", () => {
    const gateway = new Scenario();
    const connection = gateway.live();
    gateway.send(connection, GatewayOpcode.RequestChannelInfo, { guild_id: "1", fields: [] });
    expect(gateway.log(connection)).toHaveLength(3);
    gateway.send(connection, GatewayOpcode.RequestChannelInfo, { guild_id: GUILD_ID });
    expect(gateway.log(connection).at(-1)).toBe("close 4001");
  });
});

describe("Request Guild Members", () => {
  function ask(
    gateway: Scenario,
    connection: number,
    d: Readonly<Record<string, unknown>>,
  ): Record<string, unknown> {
    gateway.send(connection, GatewayOpcode.RequestGuildMembers, { guild_id: GUILD_ID, ...d });
    return gateway.event(connection, "GUILD_MEMBERS_CHUNK");
  }

  it("finds people by id and says whom it did not find", () => {
    const gateway = new Scenario();
    const chunk = ask(gateway, gateway.live(), {
      user_ids: [person(gateway.world), "42"],
      nonce: "n",
    });
    expect(chunk).toMatchObject({ chunk_index: 0, chunk_count: 1, not_found: ["42"], nonce: "n" });
    expect(chunk["members"]).toMatchObject([{ user: { id: person(gateway.world) } }]);
  });

  it("finds people by the beginning of their name", () => {
    const gateway = new Scenario();
    const chunk = ask(gateway, gateway.live(), { query: "mir", limit: 10 });
    expect(chunk["members"]).toMatchObject([{ user: { global_name: "Mirelle" } }]);
  });

  it("tells the whole list once in 30 s, to those with GUILD_MEMBERS", () => {
    const gateway = new Scenario();
    const connection = gateway.live({ intents: VOICE_INTENTS | GatewayIntent.GuildMembers });
    const whole = { query: "", limit: 0 };
    expect(ask(gateway, connection, whole)["members"]).toHaveLength(13);
    gateway.pass(10_000);
    ask(gateway, connection, whole);
    expect(gateway.event(connection, "RATE_LIMITED")).toMatchObject({ opcode: 8, retry_after: 20 });
    const without = gateway.live();
    gateway.send(without, GatewayOpcode.RequestGuildMembers, { guild_id: GUILD_ID, ...whole });
    expect(gateway.log(without).at(-1)).toBe("close 4014");
  });
});

describe("Request Soundboard Sounds", () => {
  it("is answered guild by guild", () => {
    const gateway = new Scenario();
    const connection = gateway.live();
    gateway.send(connection, GatewayOpcode.RequestSoundboardSounds, { guild_ids: [GUILD_ID, "1"] });
    expect(gateway.log(connection).slice(3)).toEqual(["SOUNDBOARD_SOUNDS#3"]);
  });
});
