import { describe, expect, it } from "vitest";
import { ConfigError, readConfig } from "../src/config.ts";

const HUB_SECRET = "whsec_bm90LWEtcmVhbC1zZWNyZXQtb25seS1mb3ItdGVzdHM=";

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
      "PORT",
      "HUB_SECRET",
      "PRIMARY_GUILD_ID",
      "LOG_LEVEL",
    ]);
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
