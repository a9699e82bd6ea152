import { GatewayOpcode } from "@guildwire/discord-wire";
import { describe, expect, it } from "vitest";
import { nextDeadlineMs } from "../../src/gateway/deadline.ts";
import { NOW_MS } from "../world/worlds.ts";
import { Scenario } from "./scenario.ts";

describe("frames of a client", () => {
  it.each([
    ["not JSON", "close 4002", "{"],
    ["not an object", "close 4002", "[]"],
    ["without an opcode", "close 4002", "{}"],
    ["over 4096 bytes", "close 4002", JSON.stringify({ op: 1, d: "é".repeat(2042) })],
    ["with an unknown opcode", "close 4001", '{"op":5}'],
    ["with an opcode only the server sends", "close 4001", '{"op":10}'],
  ])("%s end in %s", (_, ending, text) => {
    const gateway = new Scenario();
    const connection = gateway.live();
    gateway.sendText(connection, text);
    expect(gateway.log(connection).at(-1)).toBe(ending);
  });

  it("of exactly 4096 bytes are read", () => {
    const gateway = new Scenario();
    const connection = gateway.live();
    gateway.sendText(connection, JSON.stringify({ op: 1, d: null }).padEnd(4096, " "));
    expect(gateway.log(connection).at(-1)).toBe("11");
  });

  it.each([
    ["Presence Update", GatewayOpcode.PresenceUpdate],
    ["Request Channel Info", GatewayOpcode.RequestChannelInfo],
    ["an unknown opcode", 5],
  ])("before Identify end in 4003: %s", (_, op) => {
    const gateway = new Scenario();
    const connection = gateway.open();
    gateway.send(connection, op, {});
    expect(gateway.log(connection)).toEqual(["10", "close 4003"]);
  });

  it("have the bot's own presence and place in voice changed by ops 3 and 4", () => {
    const gateway = new Scenario();
    const connection = gateway.live();
    const guildId = gateway.world.guild.id;
    gateway.send(connection, GatewayOpcode.PresenceUpdate, { status: "idle", activities: [] });
    gateway.send(connection, GatewayOpcode.VoiceStateUpdate, { guild_id: guildId, channel_id: null });
    expect(gateway.log(connection).slice(3)).toEqual(["showPresence", "connectVoice"]);
  });

  it("may name ids as numbers, also beyond 2^53", () => {
    const gateway = new Scenario();
    const connection = gateway.live();
    gateway.sendText(connection, `{"op":43,"d":{"guild_id":${gateway.world.guild.id},"fields":["status"]}}`);
    expect(gateway.log(connection).at(-1)).toMatch(/^CHANNEL_INFO#/);
  });

  it("are limited to 120 in a minute, Heartbeats included", () => {
    const gateway = new Scenario();
    const connection = gateway.live(); // the first frame
    for (let n = 0; n < 119; n += 1) gateway.send(connection, GatewayOpcode.Heartbeat);
    expect(gateway.log(connection).at(-1)).toBe("11");
    gateway.send(connection, GatewayOpcode.Heartbeat);
    expect(gateway.log(connection).at(-1)).toBe("close 4008");
  });

  it("are counted over the last minute only", () => {
    const gateway = new Scenario();
    const connection = gateway.live();
    for (let n = 0; n < 3; n += 1) {
      for (let beat = 0; beat < 59; beat += 1) gateway.send(connection, GatewayOpcode.Heartbeat);
      gateway.pass(30_000);
    }
    expect(gateway.log(connection).at(-1)).toBe("11");
  });

  it("after the close are not read", () => {
    const gateway = new Scenario();
    const connection = gateway.live({ token: "wrong" });
    gateway.identify(connection);
    expect(gateway.log(connection)).toEqual(["10", "close 4004"]);
  });
});

describe("heartbeats", () => {
  it("are acknowledged, before Identify as well", () => {
    const gateway = new Scenario();
    const connection = gateway.open();
    gateway.send(connection, GatewayOpcode.Heartbeat);
    expect(gateway.log(connection)).toEqual(["10", "11"]);
  });

  it("keep a connection open; without them it ends in 4009 after one and a half intervals", () => {
    const gateway = new Scenario({ heartbeatIntervalMs: 1000 });
    const connection = gateway.live();
    expect(nextDeadlineMs(gateway.state)).toBe(NOW_MS + 1500);
    gateway.pass(1499);
    gateway.send(connection, GatewayOpcode.Heartbeat, 2);
    gateway.pass(1499);
    expect(gateway.log(connection).at(-1)).toBe("11");
    gateway.pass(1);
    expect(gateway.log(connection).at(-1)).toBe("close 4009");
    expect(gateway.state.stats.closes).toEqual({ 4009: 1 });
    expect(nextDeadlineMs(gateway.state)).toBeUndefined();
  });

  it("stay without an answer while it is withheld", () => {
    const gateway = new Scenario({ faults: { withholdAck: true } });
    const connection = gateway.open();
    gateway.send(connection, GatewayOpcode.Heartbeat);
    expect(gateway.log(connection)).toEqual(["10"]);
  });
});
