import { ALL_INTENTS, GatewayIntent, PRIVILEGED_INTENTS, shardOfGuild } from "@guildwire/discord-wire";
import { describe, expect, it } from "vitest";
import { GUILD_ID } from "../world/worlds.ts";
import { RESUME_URL, Scenario, VOICE_INTENTS } from "./scenario.ts";

describe("Identify", () => {
  it("is answered with READY and GUILD_CREATE, numbered from 1", () => {
    const gateway = new Scenario();
    const connection = gateway.live();
    expect(gateway.log(connection)).toEqual(["10", "READY#1", "GUILD_CREATE#2"]);
    expect(gateway.event(connection, "READY")).toMatchObject({
      v: 10,
      user: { bot: true },
      guilds: [{ id: GUILD_ID, unavailable: true }],
      resume_gateway_url: RESUME_URL,
      application: { flags: 565_248, flags_new: "565248" },
    });
  });

  it.each([
    ["without a token", "close 4001", { token: undefined }],
    ["without properties", "close 4001", { properties: undefined }],
    ["without intents", "close 4001", { intents: undefined }],
    ["with a wrong token", "close 4004", { token: "wrong" }],
    ["with a shard beyond the count", "close 4010", { shard: [1, 1] }],
    ["with half a shard", "close 4010", { shard: [0] }],
    ["with an unknown intent", "close 4013", { intents: 1 << 30 }],
    ["with an intent above 32 bits", "close 4013", { intents: 2 ** 40 }],
  ])("%s ends in %s", (_, ending, fields) => {
    const gateway = new Scenario();
    expect(gateway.log(gateway.live(fields))).toEqual(["10", ending]);
  });

  it("with a privileged intent that is not allowed ends in 4014", () => {
    const gateway = new Scenario({ intentsAllowed: ALL_INTENTS & ~PRIVILEGED_INTENTS });
    const intents = VOICE_INTENTS | GatewayIntent.GuildMembers;
    expect(gateway.log(gateway.live({ intents }))).toEqual(["10", "close 4014"]);
    expect(gateway.log(gateway.live())).toContain("READY#1");
  });

  it("may have `Bot ` before its token, as Oceanic sends it", () => {
    const gateway = new Scenario();
    const connection = gateway.live({ token: "Bot a-token" });
    expect(gateway.log(connection)).toEqual(["10", "READY#1", "GUILD_CREATE#2"]);
  });

  it("a second time ends in 4005", () => {
    const gateway = new Scenario();
    const connection = gateway.live();
    gateway.identify(connection);
    expect(gateway.log(connection).at(-1)).toBe("close 4005");
  });

  it("too soon after another gets op 9 `false`, unless it is of another concurrency key", () => {
    const gateway = new Scenario({ identifyWindowMs: 5000, maxConcurrency: 2 });
    expect(gateway.log(gateway.live({ shard: [0, 4] }))).toContain("READY#1");
    const tooSoon = gateway.live({ shard: [2, 4] });
    expect(gateway.log(tooSoon)).toEqual(["10", "9:false"]);
    expect(gateway.log(gateway.live({ shard: [1, 4] }))).toContain("READY#1");
    gateway.pass(5000);
    gateway.identify(tooSoon, { shard: [2, 4] });
    expect(gateway.log(tooSoon)).toContain("READY#1");
  });

  it("beyond the day's budget resets the token and ends every session", () => {
    const gateway = new Scenario({ identifiesPerDayMax: 1 });
    const first = gateway.live();
    const second = gateway.live();
    expect(gateway.log(first).at(-1)).toBe("close 4004");
    expect(gateway.log(second).at(-1)).toBe("close 4004");
    expect(gateway.log(gateway.live())).toEqual(["10", "close 4004"]);
    expect(gateway.state.sessions.size).toBe(0);
  });

  it("on the resume URL is noticed", () => {
    const gateway = new Scenario();
    gateway.identify(gateway.open("resume"));
    expect(gateway.state.stats.identifiesOnResumeUrl).toBe(1);
  });

  it("during an outage gets GUILD_DELETE in place of GUILD_CREATE", () => {
    const gateway = new Scenario();
    gateway.command({ type: "guildUnavailable" });
    const connection = gateway.live();
    expect(gateway.log(connection)).toEqual(["10", "READY#1", "GUILD_DELETE#2"]);
    gateway.command({ type: "guildAvailable" });
    expect(gateway.log(connection).at(-1)).toBe("GUILD_CREATE#3");
  });

  it("of a bot that was removed lists no guild", () => {
    const gateway = new Scenario();
    gateway.command({ type: "removeBot" });
    const connection = gateway.live();
    expect(gateway.log(connection)).toEqual(["10", "READY#1"]);
    expect(gateway.event(connection, "READY")["guilds"]).toEqual([]);
  });

  it("lists the guild on its own shard only", () => {
    const gateway = new Scenario();
    const home = shardOfGuild(GUILD_ID, 2);
    expect(gateway.log(gateway.live({ shard: [home, 2] }))).toEqual(["10", "READY#1", "GUILD_CREATE#2"]);
    expect(gateway.log(gateway.live({ shard: [1 - home, 2] }))).toEqual(["10", "READY#1"]);
  });

  it.each([
    [{ neverAnswerIdentify: true }, ["10"]],
    [{ refuseIdentify: true }, ["10", "9:false"]],
    [{ closeOnIdentify: 4000 }, ["10", "close 4000"]],
    [{ closeAfterReady: 4000 }, ["10", "READY#1", "close 4000"]],
  ])("meets the fault %o", (faults, log) => {
    const gateway = new Scenario({ faults });
    expect(gateway.log(gateway.live())).toEqual(log);
  });
});
