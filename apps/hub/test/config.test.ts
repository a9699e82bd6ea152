import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ConfigError, readConfig } from "../src/config.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

const HUB_SECRET = "whsec_bm90LWEtcmVhbC1zZWNyZXQtb25seS1mb3ItdGVzdHM=";

/** Of a shared `.env` file. */
const VARIABLE_NAMES_OF_THE_WORKER = [
  "DISCORD_BOT_TOKEN",
  "HUB_ENDPOINT",
  "DISCORD_API_URL",
  "GATEWAY_COMPRESS",
  "RECONNECT_ATTEMPTS_MAX",
  "OUTBOX_ROWS_MAX",
  "OUTBOX_BYTES_MAX",
  "OUTBOX_AGE_MAX_S",
];

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    readConfig(environment);
  } catch (cause) {
    if (cause instanceof ConfigError) return cause.problems;
  }
  throw new Error("the environment was accepted");
}

describe("the environment", () => {
  it("needs a secret and nothing else", () => {
    expect(readConfig({ HUB_SECRET })).toMatchObject({
      port: 3_000,
      host: undefined,
      primaryGuildId: undefined,
      logLevel: "info",
      dataDir: "./data",
    });
  });

  it("is read as it is written", () => {
    const config = readConfig({
      HUB_SECRET: `${HUB_SECRET} ${"p".repeat(32)}`,
      PORT: "0",
      HOST: "127.0.0.1",
      PRIMARY_GUILD_ID: "123",
      LOG_LEVEL: "debug",
      DATA_DIR: "/data",
    });
    expect(config).toMatchObject({
      port: 0,
      host: "127.0.0.1",
      primaryGuildId: "123",
      logLevel: "debug",
      dataDir: "/data",
    });
    expect(config.hubKeys).toHaveLength(2);
  });

  it("counts empty variables as absent", () => {
    expect(readConfig({ HUB_SECRET, PORT: "", HOST: " ", PRIMARY_GUILD_ID: "", LOG_LEVEL: "" })).toEqual(
      readConfig({ HUB_SECRET }),
    );
    expect(problemsOf({ HUB_SECRET: "" })[0]).toMatch(/^HUB_SECRET is required; set it to/);
  });

  it("has all its mistakes reported together, each with the variable's name", () => {
    const problems = problemsOf({ PORT: "99999", PRIMARY_GUILD_ID: "my guild", LOG_LEVEL: "loud" });
    expect(problems.map((line) => line.split(" ")[0])).toEqual([
      "HUB_SECRET",
      "PORT",
      "PRIMARY_GUILD_ID",
      "LOG_LEVEL",
    ]);
  });

  it("has each mistake told with what was given, and where to read about it", () => {
    const views = join(temporaryDirectory(), "views.json");
    writeFileSync(views, JSON.stringify({ views: { open: { people: "some" } } }));
    expect(problemsOf({ HUB_SECRET, PORT: "http", VIEWS_FILE: views, HUB_PAGE_VIEW: "open" })).toEqual([
      'PORT must be a whole number from 0 to 65535; leave it out for 3000; it is "http" (docs/configuration.md#hub)',
      `VIEWS_FILE has a mistake: views.open.people must be "named", "anonymous" or "none"; it is "${views}" (docs/views.md)`,
    ]);
    expect(problemsOf({ HUB_SECRET, HUB_PAGE_VIEW: "members" })).toEqual([
      'HUB_PAGE_VIEW must name one of the views: public; it is "members" (docs/configuration.md#hub)',
    ]);
  });

  it("is pointed out where a variable is misspelt, and not where it is the worker's", () => {
    expect(problemsOf({ HUB_SECRT: HUB_SECRET })).toEqual([
      expect.stringMatching(/^HUB_SECRET is required; .*; there is HUB_SECRT: is that what is meant\?/),
    ]);
    expect(readConfig({ HUB_SECRET, HUB_CONNECTION_MAX: "5", GUILDWIRE_SERVICE: "hub" }).advice).toEqual([
      "HUB_CONNECTION_MAX is read by nothing; is HUB_CONNECTIONS_MAX meant? (docs/configuration.md)",
    ]);
    const shared = Object.fromEntries(VARIABLE_NAMES_OF_THE_WORKER.map((name) => [name, "1"]));
    expect(readConfig({ ...shared, HUB_SECRET }).advice).toEqual([]);
  });

  it("takes secrets from files", () => {
    const file = join(temporaryDirectory(), "secret");
    writeFileSync(file, `${HUB_SECRET}\n`);
    const config = readConfig({ HUB_SECRET_FILE: file, HUB_TICKET_SECRET_FILE: file });
    expect([config.hubKeys.length, config.ticketKeys.length]).toEqual([1, 1]);
    expect(problemsOf({ HUB_SECRET, HUB_SECRET_FILE: file })[0]).toMatch(
      /^HUB_SECRET and HUB_SECRET_FILE are both set/,
    );
  });

  it("may hold no sample secret in production", () => {
    const sample = { HUB_SECRET: "changeme-changeme-changeme-changeme" };
    expect(readConfig(sample).hubKeys).toHaveLength(1);
    expect(problemsOf({ ...sample, NODE_ENV: "production" })[0]).toMatch(/^HUB_SECRET is a sample value/);
    const tickets = { HUB_TICKET_SECRET: "a".repeat(32), NODE_ENV: "production" };
    expect(problemsOf({ HUB_SECRET, ...tickets })[0]).toMatch(/^HUB_TICKET_SECRET is a sample value/);
  });

  it("never has a secret repeated in a mistake", () => {
    const problems = problemsOf({ HUB_SECRET: "hunter2" });
    expect(problems.join()).not.toContain("hunter2");
    expect(problems[0]).toMatch(/^HUB_SECRET .*at least 32 characters/);
  });

  it("does not show its secrets when printed", () => {
    expect(JSON.stringify(readConfig({ HUB_SECRET }))).not.toContain("bm90");
  });
});
