import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { readConfig } from "../src/config.ts";

const GOOD = {
  DISCORD_BOT_TOKEN: "token-of-a-bot",
  PRIMARY_GUILD_ID: "1100000000000000000",
  HUB_ENDPOINT: "http://localhost:3000/api/internal/events",
  HUB_SECRET: `whsec_${Buffer.alloc(32, 7).toString("base64")}`,
};

function problems(environment: Record<string, string | undefined>): readonly string[] {
  const outcome = readConfig(environment);
  return outcome.ok ? [] : outcome.problems;
}

describe("configuration", () => {
  it("needs four variables and has a default for the rest", () => {
    expect(readConfig(GOOD)).toMatchObject({
      ok: true,
      config: {
        guildId: GOOD.PRIMARY_GUILD_ID,
        port: 3001,
        logLevel: "info",
        discordApiUrl: "https://discord.com/api/v10",
        dataDir: "./data",
        compression: "zstd-stream",
        reconnectAttemptsMax: 5,
        outbox: { rowsMax: 250_000, bytesMax: 268_435_456, ageMaxS: 604_800 },
      },
    });
  });

  it("bounds the outbox as it is told, within reason", () => {
    expect(
      readConfig({ ...GOOD, OUTBOX_ROWS_MAX: "10", OUTBOX_BYTES_MAX: "10000000000", OUTBOX_AGE_MAX_S: "60" }),
    ).toMatchObject({ config: { outbox: { rowsMax: 10, bytesMax: 10_000_000_000, ageMaxS: 60 } } });
    const found = problems({
      ...GOOD,
      OUTBOX_ROWS_MAX: "9",
      OUTBOX_BYTES_MAX: "1MB",
      OUTBOX_AGE_MAX_S: "-1",
    });
    expect(found.map((line) => line.split(" ")[0])).toEqual([
      "OUTBOX_ROWS_MAX",
      "OUTBOX_BYTES_MAX",
      "OUTBOX_AGE_MAX_S",
    ]);
  });

  it("reports every mistake at once, each with its variable", () => {
    const found = problems({
      DISCORD_BOT_TOKEN: "Bot abc",
      PORT: "http",
      GATEWAY_COMPRESS: "gzip",
      LOG_LEVEL: "loud",
    });
    expect(found.map((line) => line.split(" ")[0])).toEqual([
      "DISCORD_BOT_TOKEN",
      "PRIMARY_GUILD_ID",
      "HUB_ENDPOINT",
      "HUB_SECRET",
      "PORT",
      "LOG_LEVEL",
      "GATEWAY_COMPRESS",
    ]);
  });

  it("takes an empty variable for an absent one", () => {
    expect(readConfig({ ...GOOD, PORT: "", LOG_LEVEL: "  ", DATA_DIR: "" })).toMatchObject({
      ok: true,
      config: { port: 3001, dataDir: "./data" },
    });
    expect(problems({ ...GOOD, HUB_SECRET: "" })).toMatchObject([/^HUB_SECRET is missing/]);
  });

  it.each([
    ["DISCORD_BOT_TOKEN", "Bot token", /without `Bot `/],
    ["DISCORD_BOT_TOKEN", "to ken", /spaces/],
    ["PRIMARY_GUILD_ID", "my-server", /digits only/],
    ["HUB_ENDPOINT", "localhost:3000", /http\(s\) URL/],
    ["HUB_ENDPOINT", "ftp://host/x", /http\(s\) URL/],
    ["HUB_SECRET", "too short", /at least 32 characters/],
    ["HUB_SECRET", "whsec_AAAA", /24 to 64 bytes/],
    ["PORT", "65536", /0 to 65535/],
    ["RECONNECT_ATTEMPTS_MAX", "-1", /`unlimited`/],
    ["RECONNECT_ATTEMPTS_MAX", "many", /`unlimited`/],
  ])("refuses %s=%s and says what it must be", (name, value, remedy) => {
    const found = problems({ ...GOOD, [name]: value });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(new RegExp(`^${name} `));
    expect(found[0]).toMatch(remedy);
  });

  it("allows unlimited attempts and several secrets", () => {
    const secrets = `${GOOD.HUB_SECRET} ${"a plain secret of thirty-two chars".replaceAll(" ", "-")}`;
    const outcome = readConfig({ ...GOOD, RECONNECT_ATTEMPTS_MAX: "unlimited", HUB_SECRET: secrets });
    expect(outcome).toMatchObject({ ok: true, config: { reconnectAttemptsMax: Number.POSITIVE_INFINITY } });
    expect(outcome.ok && outcome.config.hubKeys.length).toBe(2);
  });

  it("prints neither the token nor the secret", () => {
    const outcome = readConfig(GOOD);
    const printed = `${inspect(outcome, { depth: 9 })}${JSON.stringify(outcome)}`;
    expect(printed).not.toContain(GOOD.DISCORD_BOT_TOKEN);
    expect(printed).not.toContain(GOOD.HUB_SECRET.slice(6));
  });
});
