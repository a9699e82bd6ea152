import { describe, expect, it } from "vitest";
import { createDiscordSim } from "../src/discord-sim.ts";
import { SimError } from "../src/sim-error.ts";
import type { SimOptions } from "../src/sim-options.ts";
import { HandClock } from "./hand-clock.ts";
import { SessionClient } from "./session-client.ts";

describe("a stand-in", () => {
  it("lives beside others in one process", async () => {
    await using a = await createDiscordSim({ seed: 1, rate: 0 });
    await using b = await createDiscordSim({ seed: 2, rate: 0 });
    expect(a.port).not.toBe(b.port);
    a.command({ type: "renameGuild", name: "Only A" });
    expect(b.world().guild.name).not.toBe("Only A");
  });

  it("is the same server again after a restart with the same seed", async () => {
    const truths = [];
    for (let start = 0; start < 2; start += 1) {
      await using sim = await createDiscordSim({ seed: 9, rate: 0 });
      truths.push(sim.world());
    }
    expect(truths[0]).toEqual(truths[1]);
  });

  it("frees its port and ends its connections when closed", async () => {
    const sim = await createDiscordSim({ rate: 0 });
    const client = new SessionClient(sim.gatewayUrl);
    await client.identify(sim.token);
    await client.event("READY");
    await sim.close();
    expect(await client.end()).toBe(1006);
    await using again = await createDiscordSim({ rate: 0, port: sim.port });
    expect(again.port).toBe(sim.port);
    await sim.close();
  });

  it("lets as much happen as its rate says, and nothing while it is paused", async () => {
    const clock = new HandClock();
    await using sim = await createDiscordSim({ rate: 2, clock });
    clock.pass(100_000);
    const { commands } = sim.stats();
    expect(commands).toBeGreaterThan(150);
    expect(commands).toBeLessThan(250);
    sim.pause();
    clock.pass(100_000);
    expect(sim.stats().commands).toBe(commands);
    sim.resume();
    clock.pass(10_000);
    expect(sim.stats().commands).toBeGreaterThan(commands);
  });

  it("has nothing happen by itself at rate 0, and leaves no timer behind", async () => {
    const clock = new HandClock();
    const sim = await createDiscordSim({ rate: 0, clock });
    clock.pass(100_000);
    expect(sim.stats().commands).toBe(0);
    await sim.close();
    expect(clock.pending).toBe(0);
  });

  it("throws when a command is impossible", async () => {
    await using sim = await createDiscordSim({ rate: 0 });
    expect(() => sim.command({ type: "renameMember", userId: sim.guildId, nick: "x" })).toThrow(
      expect.objectContaining({ code: "COMMAND_REFUSED", field: "userId" }),
    );
  });

  it("says so when the port is taken", async () => {
    await using sim = await createDiscordSim({ rate: 0 });
    await expect(createDiscordSim({ port: sim.port })).rejects.toMatchObject({ code: "PORT_TAKEN" });
  });

  it.each<[SimOptions, string]>([
    [{ port: 70_000 }, "port"],
    [{ people: -1 }, "people"],
    [{ rooms: 1.5 }, "rooms"],
    [{ rate: Number.NaN }, "rate"],
    [{ guildId: "abc" }, "guildId"],
    [{ token: "" }, "token"],
    [{ heartbeatIntervalMs: 0 }, "heartbeatIntervalMs"],
  ])("refuses the option %o", async (options, field) => {
    const refusal = createDiscordSim(options);
    await expect(refusal).rejects.toBeInstanceOf(SimError);
    await expect(refusal).rejects.toMatchObject({ code: "OPTION_INVALID", field });
  });
});
