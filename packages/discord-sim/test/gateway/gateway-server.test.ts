import { once } from "node:events";
import { GatewayOpcode } from "@guildwire/discord-wire";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { createDiscordSim, type DiscordSim } from "../../src/discord-sim.ts";
import type { SimOptions } from "../../src/sim-options.ts";
import { HandClock } from "../hand-clock.ts";
import { SessionClient } from "../session-client.ts";

const open: AsyncDisposable[] = [];

afterEach(async () => {
  for (const resource of open.splice(0).reverse()) await resource[Symbol.asyncDispose]();
});

async function start(options: SimOptions = {}): Promise<DiscordSim> {
  const sim = await createDiscordSim({ rate: 0, identifyWindowMs: 0, ...options });
  open.push(sim);
  return sim;
}

function connect(url: string, compress?: "zlib-stream" | "zstd-stream"): SessionClient {
  const client = new SessionClient(url, compress);
  open.push(client);
  return client;
}

/** Makes one event: the server takes another name. */
function rename(sim: DiscordSim, name: string): void {
  sim.command({ type: "renameGuild", name });
}

describe("a session on a real socket", () => {
  it.each([undefined, "zlib-stream", "zstd-stream"] as const)(
    "goes from Hello to events and back after a drop (%s)",
    async (compress) => {
      const sim = await start();
      const first = connect(sim.gatewayUrl, compress);
      await first.identify(sim.token);
      const ready = await first.event("READY");
      const guild = await first.event("GUILD_CREATE");
      expect(guild["id"]).toBe(sim.guildId);
      rename(sim, "One");
      expect(await first.event("GUILD_UPDATE")).toMatchObject({ name: "One" });

      sim.act({ type: "drop" });
      expect(await first.end()).toBe(1006);
      rename(sim, "Two");
      const second = connect(String(ready["resume_gateway_url"]), compress);
      await second.op(GatewayOpcode.Hello);
      second.send(GatewayOpcode.Resume, { token: sim.token, session_id: ready["session_id"], seq: 3 });
      await second.event("RESUMED");
      expect(second.frames.map(({ t, s }) => [t, s])).toEqual([
        [null, null],
        ["GUILD_UPDATE", 4],
        ["RESUMED", 5],
      ]);
      expect(sim.stats()).toMatchObject({ identifies: 1, resumes: 1, resumesOnMainUrl: 0, sessions: 1 });
    },
  );

  it("acknowledges heartbeats and closes with 4009 when they stop", async () => {
    const clock = new HandClock();
    const sim = await start({ heartbeatIntervalMs: 1000, clock });
    const client = connect(sim.gatewayUrl);
    await client.identify(sim.token);
    clock.pass(1400);
    client.send(GatewayOpcode.Heartbeat, 1);
    await client.op(GatewayOpcode.HeartbeatAck);
    clock.pass(1400);
    expect(sim.stats().connections).toBe(1);
    clock.pass(100);
    expect(await client.end()).toBe(4009);
    expect(client.closed?.reason).toBe("Session timed out.");
  });

  it("closes with the code and its reason", async () => {
    const sim = await start();
    const client = connect(sim.gatewayUrl);
    await client.identify("wrong");
    expect(await client.end()).toBe(4004);
    expect(client.closed?.reason).toBe("Authentication failed.");
    expect(sim.stats().closes).toEqual({ 4004: 1 });
  });

  it("closes with 4002 for a frame far over the limit", async () => {
    const sim = await start();
    const client = connect(sim.gatewayUrl);
    await client.op(GatewayOpcode.Hello);
    client.send(GatewayOpcode.Heartbeat, "x".repeat(500_000));
    expect(await client.end()).toBe(4002);
  });

  it("forgets a session that the client ends with 1000 and keeps one that it ends with 4200", async () => {
    const sim = await start();
    for (const [code, sessions] of [
      [4200, 1],
      [1000, 1],
    ] as const) {
      const client = connect(sim.gatewayUrl);
      await client.identify(sim.token);
      await client.event("READY");
      client.close(code);
      await client.end();
      expect(sim.stats().sessions).toBe(sessions);
    }
    expect(sim.stats().clientCloses).toEqual({ 1000: 1, 4200: 1 });
  });
});

describe("compression", () => {
  it("of the transport makes every message binary, one stream for the whole connection", async () => {
    const sim = await start({ people: 2000 });
    const zlib = connect(sim.gatewayUrl, "zlib-stream");
    const zstd = connect(sim.gatewayUrl, "zstd-stream");
    for (const client of [zlib, zstd]) {
      await client.identify(sim.token);
      await client.event("GUILD_CREATE");
      expect(client.messages).toHaveLength(3);
    }
    const zlibMessages = zlib.messages.map((message) => (message === "text" ? "" : message.toString("hex")));
    expect(zlibMessages.every((hex) => hex.endsWith("0000ffff"))).toBe(true);
    expect(zlibMessages.map((hex) => hex.startsWith("78"))).toEqual([true, false, false]);
    const zstdMessages = zstd.messages.map((message) => (message === "text" ? "" : message.toString("hex")));
    expect(zstdMessages.map((hex) => hex.startsWith("28b52ffd"))).toEqual([true, false, false]);
  });

  it("of payloads, asked for in Identify, makes some messages documents of their own", async () => {
    const sim = await start();
    const client = connect(sim.gatewayUrl);
    await client.identify(sim.token, { compress: true });
    await client.event("GUILD_CREATE");
    client.send(GatewayOpcode.Heartbeat, 2);
    await client.op(GatewayOpcode.HeartbeatAck);
    expect(client.messages.map((message) => message === "text")).toEqual([true, false, false, true]);
  });
});

describe("faults of the wire", () => {
  it("refuse the upgrade, as often as they say", async () => {
    const sim = await start({ faults: { refuseUpgrade: 1 } });
    const refused = new WebSocket(`${sim.gatewayUrl}?v=10&encoding=json`);
    const [error] = (await once(refused, "error")) as [Error];
    expect(error.message).toContain("503");
    await connect(sim.gatewayUrl).op(GatewayOpcode.Hello);
  });

  it("cut zlib messages in two, which the client has to join", async () => {
    const sim = await start({ faults: { splitFrames: true } });
    const client = connect(sim.gatewayUrl, "zlib-stream");
    await client.identify(sim.token);
    await client.event("GUILD_CREATE");
    expect(client.messages).toHaveLength(6);
  });

  it("cut other messages in two fragments, which WebSocket joins", async () => {
    const sim = await start({ faults: { splitFrames: true } });
    const client = connect(sim.gatewayUrl);
    await client.identify(sim.token);
    await client.event("GUILD_CREATE");
    expect(client.messages).toHaveLength(3);
  });

  it.each([undefined, "zlib-stream", "zstd-stream"] as const)(
    "put garbage before a frame (%s)",
    async (compress) => {
      const sim = await start();
      const client = connect(sim.gatewayUrl, compress);
      await client.identify(sim.token);
      await client.event("GUILD_CREATE");
      sim.setFaults({ garbage: 1 });
      rename(sim, "X");
      await expect.poll(() => client.undecodable.length, { interval: 5 }).toBe(1);
    },
  );

  it("delay everything and keep its order", async () => {
    const sim = await start({ faults: { latencyMs: 30 } });
    const openedAtMs = performance.now();
    const client = connect(sim.gatewayUrl);
    await client.identify(sim.token);
    await client.event("GUILD_CREATE");
    sim.setFaults({ latencyMs: 10 });
    rename(sim, "A");
    sim.setFaults({ latencyMs: 0 });
    rename(sim, "B");
    await client.event("GUILD_UPDATE");
    await expect.poll(() => client.sequences, { interval: 5 }).toEqual([1, 2, 3, 4]);
    expect(performance.now() - openedAtMs).toBeGreaterThan(55);
  });

  it("let READY be followed by a close", async () => {
    const sim = await start({ faults: { closeAfterReady: 4000 } });
    const client = connect(sim.gatewayUrl, "zlib-stream");
    await client.identify(sim.token);
    expect(await client.end()).toBe(4000);
    // The client may still be decompressing what came before the close.
    await expect.poll(() => client.frames.map(({ t }) => t), { interval: 5 }).toEqual([null, "READY"]);
  });
});
