import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { readConfig } from "../src/config.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

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

function receiversFile(json: unknown): string {
  const file = join(temporaryDirectory(), "receivers.json");
  writeFileSync(file, JSON.stringify(json));
  return file;
}

function emptyFile(): string {
  const file = join(temporaryDirectory(), "empty");
  writeFileSync(file, " \n");
  return file;
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

  it("takes a login in HUB_ENDPOINT that can be sent, and none in DISCORD_API_URL", () => {
    expect(problems({ ...GOOD, HUB_ENDPOINT: "https://me:p%40ss@hub.example/api/internal/events" })).toEqual(
      [],
    );
    const found = problems({
      ...GOOD,
      HUB_ENDPOINT: "https://me:100%@hub.example/api/internal/events",
      DISCORD_API_URL: "https://me:hush@discord.test/api/v10",
    });
    expect(found).toEqual([
      expect.stringMatching(/^HUB_ENDPOINT has a user name or password that is not percent-encoded/),
      expect.stringMatching(/^DISCORD_API_URL must not contain a user name or password/),
    ]);
    expect(found.join()).not.toMatch(/hush|100%/);
  });

  it("names a proxy that cannot be used beside the other mistakes", () => {
    const found = problems({ ...GOOD, PORT: "many", HTTPS_PROXY: "socks5://proxy:1080" });
    expect(found.map((line) => line.split(" ")[0])).toEqual(["PORT", "HTTPS_PROXY"]);
  });

  it("has the receivers hub and broker, each with what it gets", () => {
    const broker = {
      BROKER_ENDPOINT: "http://localhost:3002/internal/events",
      BROKER_SECRET: GOOD.HUB_SECRET,
    };
    expect(readConfig({ ...GOOD, ...broker })).toMatchObject({
      config: {
        receivers: [
          { name: "hub", url: GOOD.HUB_ENDPOINT, families: ["rooms", "messages", "presence", "commands"] },
          { name: "broker", families: ["messages", "interactions", "rooms", "dm", "commands"] },
        ],
      },
    });
  });

  it("needs no hub when another receiver is given", () => {
    const { HUB_ENDPOINT: _e, HUB_SECRET, ...rest } = GOOD;
    const broker = { BROKER_ENDPOINT: "http://localhost:3002/internal/events", BROKER_SECRET: HUB_SECRET };
    expect(readConfig({ ...rest, ...broker })).toMatchObject({ config: { receivers: [{ name: "broker" }] } });
    const listed = receiversFile([
      { name: "crm", url: "https://crm.test/in", secrets: [HUB_SECRET], streams: ["rooms"] },
    ]);
    expect(readConfig({ ...rest, RECEIVERS_FILE: listed })).toMatchObject({
      config: { receivers: [{ name: "crm", families: ["rooms"] }] },
    });
    expect(problems(rest).map((line) => line.split(" ")[0])).toEqual(["HUB_ENDPOINT", "HUB_SECRET"]);
    expect(problems({ ...rest, HUB_SECRET })).toMatchObject([/^HUB_ENDPOINT /]);
    expect(problems({ ...GOOD, BROKER_ENDPOINT: "http://localhost:3002/x" })).toMatchObject([
      /^BROKER_SECRET is missing/,
    ]);
  });

  it("takes a receiver's secrets from a file of its own", () => {
    const secretsFile = join(temporaryDirectory(), "secrets");
    writeFileSync(secretsFile, `${GOOD.HUB_SECRET}\n${GOOD.HUB_SECRET}\n`);
    const listed = receiversFile([{ name: "crm", url: "http://crm.test", secretsFile, streams: ["rooms"] }]);
    const outcome = readConfig({ ...GOOD, RECEIVERS_FILE: listed });
    expect(outcome.ok && outcome.config.receivers[1]?.keys.length).toBe(2);
  });

  const crm = { name: "crm", url: "http://crm.test", secrets: [GOOD.HUB_SECRET], streams: ["rooms"] };
  it.each<[string, unknown, RegExp]>([
    ["no array", {}, /no JSON array/],
    ["a wrong name", [{ ...crm, name: "C R M" }], /receiver 1\.name: must be 1 to 32/],
    ["a wrong URL", [{ ...crm, url: "crm.test" }], /receiver 1\.url: must be an http/],
    [
      "an unknown family",
      [crm, { ...crm, name: "b", streams: ["voice"] }],
      /receiver 2\.streams\.0: must be of rooms/,
    ],
    ["no secret", [{ ...crm, secrets: undefined }], /receiver 1\.secrets: give either/],
    ["an unknown field", [{ ...crm, secret: "x" }], /receiver 1: .*secret/],
    ["a name that is taken", [{ ...crm, name: "hub" }], /two receivers called hub/],
    [
      "two that answer interactions",
      [
        { ...crm, streams: ["interactions"] },
        { ...crm, name: "b", streams: ["interactions"] },
      ],
      /`interactions` for crm and b; only one/,
    ],
  ])("refuses a RECEIVERS_FILE with %s and says where", (_, json, problem) => {
    expect(problems({ ...GOOD, RECEIVERS_FILE: receiversFile(json) })).toEqual([
      expect.stringMatching(problem),
    ]);
  });

  it("says so when RECEIVERS_FILE is not there", () => {
    expect(problems({ ...GOOD, RECEIVERS_FILE: "/nowhere/receivers.json" })).toMatchObject([
      /cannot be read: ENOENT/,
    ]);
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
      "PORT",
      "LOG_LEVEL",
      "GATEWAY_COMPRESS",
      "HUB_ENDPOINT",
      "HUB_SECRET",
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
    expect(outcome.ok && outcome.config.receivers[0]?.keys.length).toBe(2);
  });

  it("shows what was given, of a secret its length alone", () => {
    const [port, secret] = problems({ ...GOOD, PORT: "http", HUB_SECRET: "hunter2" })
      .toSorted()
      .toReversed();
    expect(port).toBe('PORT must be a port number, 0 to 65535; it is "http" (docs/configuration.md#worker)');
    expect(secret).toContain("it is [redacted, 7 characters] (docs/configuration.md#secrets)");
    expect(secret).not.toContain("hunter2");
  });

  it("does not show a secret that stands in the wrong variable", () => {
    const found = problems({ ...GOOD, PRIMARY_GUILD_ID: GOOD.DISCORD_BOT_TOKEN, PORT: GOOD.HUB_SECRET });
    expect(found).toHaveLength(2);
    expect(found.join()).not.toContain(GOOD.DISCORD_BOT_TOKEN);
    expect(found.join()).not.toContain(GOOD.HUB_SECRET.slice(6));
  });

  it("takes secrets from files", () => {
    const file = join(temporaryDirectory(), "secret");
    writeFileSync(file, `${GOOD.HUB_SECRET}\n`);
    const outcome = readConfig({ ...GOOD, HUB_SECRET: undefined, HUB_SECRET_FILE: file });
    expect(outcome.ok && outcome.config.receivers[0]?.keys.length).toBe(1);
  });

  it.each([
    ["is not there", () => "/nowhere/secret", /there is no such file/],
    ["is a directory", () => temporaryDirectory(), /it is a directory/],
    ["is empty", () => emptyFile(), /it is empty/],
  ])("says so, once, when a secret's file %s", (_, path, problem) => {
    const found = problems({ ...GOOD, DISCORD_BOT_TOKEN: "", DISCORD_BOT_TOKEN_FILE: path() });
    expect(found).toEqual([expect.stringMatching(problem)]);
    expect(found[0]).toMatch(/^DISCORD_BOT_TOKEN .*DISCORD_BOT_TOKEN_FILE/);
  });

  it("does not choose between a variable and its file", () => {
    expect(problems({ ...GOOD, HUB_SECRET_FILE: "/run/secrets/hub" })).toMatchObject([
      /^HUB_SECRET and HUB_SECRET_FILE are both set/,
    ]);
  });

  it.each([
    ["DISCORD_BOT_TOKEN", "your-token-here"],
    ["HUB_SECRET", "changeme-changeme-changeme-changeme"],
    ["HUB_SECRET", `whsec_${Buffer.alloc(32).toString("base64")}`],
  ])("refuses the sample value %s=%s in production alone", (name, value) => {
    const random = { ...GOOD, HUB_SECRET: `whsec_${createHash("sha256").update("a").digest("base64")}` };
    expect(problems({ ...random, NODE_ENV: "production" })).toEqual([]);
    expect(problems({ ...random, [name]: value })).toEqual([]);
    expect(problems({ ...random, [name]: value, NODE_ENV: "production" })).toMatchObject([
      new RegExp(`^${name} is a sample value`),
    ]);
  });

  it("points out what was probably meant, beside the mistake it explains", () => {
    const found = problems({ ...GOOD, DISCORD_BOT_TOKEN: undefined, DISCORD_TOKEN: "t" });
    expect(found).toMatchObject([/^DISCORD_BOT_TOKEN is missing.*there is DISCORD_TOKEN: is that/]);
    const outcome = readConfig({ ...GOOD, OUTBOX_ROW_MAX: "5", GUILDWIRE_COLOUR: "red", EDITOR: "vi" });
    expect(outcome.ok && outcome.advice).toEqual([
      "OUTBOX_ROW_MAX is read by nothing; is OUTBOX_ROWS_MAX meant? (docs/configuration.md)",
      "GUILDWIRE_COLOUR is read by nothing (docs/configuration.md)",
    ]);
  });

  it("prints neither the token nor the secret", () => {
    const outcome = readConfig(GOOD);
    const printed = `${inspect(outcome, { depth: 9 })}${JSON.stringify(outcome)}`;
    expect(printed).not.toContain(GOOD.DISCORD_BOT_TOKEN);
    expect(printed).not.toContain(GOOD.HUB_SECRET.slice(6));
  });
});
