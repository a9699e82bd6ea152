import { describe, expect, it } from "vitest";
import { flagOf, parseCli } from "../src/cli-arguments.ts";

describe("the command line", () => {
  it("listens on port 4400 unless told otherwise", () => {
    expect(parseCli([])).toEqual({
      kind: "run",
      options: { port: 4400, startPaused: false },
      json: false,
    });
  });

  it("takes every flag", () => {
    const argv =
      "--port 0 --host 0.0.0.0 --seed 5 --people 9 --rooms 3 --rate 0.5 --token t --guild-id 12 --heartbeat-ms 900 --heartbeat-timeout-ms 5000 --paused --json";
    expect(parseCli(argv.split(" "))).toEqual({
      kind: "run",
      json: true,
      options: {
        port: 0,
        host: "0.0.0.0",
        seed: 5,
        people: 9,
        rooms: 3,
        rate: 0.5,
        token: "t",
        guildId: "12",
        heartbeatIntervalMs: 900,
        heartbeatTimeoutMs: 5000,
        startPaused: true,
      },
    });
  });

  it("takes the size of the world and faults", () => {
    const argv =
      "--chat-rate 3 --guilds 100 --other-people 4 --other-rate 9 --shards 2 --max-concurrency 16 --bot-permissions 8 --strict-user-agent --fault latencyMs=80 --fault noHello=true --fault restStatus=null";
    expect(parseCli(argv.split(" "))).toMatchObject({
      options: {
        chatRate: 3,
        otherGuilds: 100,
        otherPeople: 4,
        otherRate: 9,
        shards: 2,
        maxConcurrency: 16,
        botPermissions: "8",
        strictUserAgent: true,
        faults: { latencyMs: 80, noHello: true, restStatus: null },
      },
    });
  });

  it("passes over the `--` that package managers hand on", () => {
    expect(parseCli(["--", "--seed", "5"])).toMatchObject({ options: { seed: 5 } });
  });

  it.each([
    [["--people", "many"], "--people"],
    [["--rate", ""], "--rate"],
    [["--port"], "--port"],
    [["--nope"], "--nope"],
    [["stray"], "stray"],
    [["--fault", "explode=1"], "explode"],
    [["--fault", "latencyMs=soon"], "latencyMs"],
  ])("names the mistake in %o", (argv, name) => {
    const request = parseCli(argv);
    expect(request.kind).toBe("mistake");
    expect(request.kind === "mistake" && request.message).toContain(name);
  });

  it("knows which flag sets an option", () => {
    expect(flagOf("guildId")).toBe("--guild-id");
  });
});
