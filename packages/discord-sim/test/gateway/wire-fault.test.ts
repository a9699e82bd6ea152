import { once } from "node:events";
import { connect as connectTcp } from "node:net";
import { GatewayOpcode } from "@guildwire/discord-wire";
import { afterEach, describe, expect, it } from "vitest";
import { createDiscordSim, type DiscordSim, type SimOptions } from "../../src/index.ts";
import { SessionClient } from "../session-client.ts";

let sim: DiscordSim;
let client: SessionClient | undefined;

afterEach(async () => {
  await client?.[Symbol.asyncDispose]();
  client = undefined;
  await sim.close();
});

async function start(options: SimOptions = {}): Promise<void> {
  sim = await createDiscordSim({ rate: 0, identifyWindowMs: 0, ...options });
}

/** Connects by hand and returns the first bytes that come in one piece. */
async function firstSegment(): Promise<string> {
  const socket = connectTcp(sim.port, "127.0.0.1");
  socket.write(
    "GET /gateway?v=10&encoding=json HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
  );
  const [bytes] = (await once(socket, "data")) as [Buffer];
  socket.destroy();
  return bytes.toString("latin1");
}

describe("the wire", () => {
  it("sends Hello in one segment with the 101 answer", async () => {
    await start({ faults: { helloWithUpgrade: true } });
    const segment = await firstSegment();
    expect(segment).toMatch(/^HTTP\/1\.1 101/);
    expect(segment).toContain("heartbeat_interval");
  });

  it("sends the 101 answer alone when no Hello follows", async () => {
    await start({ faults: { helloWithUpgrade: true, noHello: true } });
    expect(await firstSegment()).toMatch(/^HTTP\/1\.1 101[\s\S]*\r\n\r\n$/);
  });

  it.each([undefined, "zlib-stream", "zstd-stream"] as const)(
    "carries every byte alone without harm (%s)",
    async (compress) => {
      await start({ people: 3, rooms: 1, faults: { tcpChunkBytes: 1 } });
      client = new SessionClient(sim.gatewayUrl, compress);
      await client.identify(sim.token);
      expect((await client.event("GUILD_CREATE"))["id"]).toBe(sim.guildId);
    },
  );

  it("carries so many bytes a second", async () => {
    await start({ people: 3, rooms: 1 });
    client = new SessionClient(sim.gatewayUrl);
    await client.op(GatewayOpcode.Hello);
    sim.setFaults({ throttleBytesPerSecond: 40_000 });
    const startedAtMs = performance.now();
    await client.identify(sim.token);
    const sizeBytes = JSON.stringify(await client.event("GUILD_CREATE")).length;
    expect(performance.now() - startedAtMs).toBeGreaterThan((sizeBytes / 40_000) * 500);
  });

  it("goes dead without closing, while new connections and the resume work", async () => {
    await start();
    client = new SessionClient(sim.gatewayUrl);
    await client.identify(sim.token);
    const { session_id: sessionId } = await client.event("READY");
    await client.event("GUILD_CREATE");
    sim.act({ type: "halfOpen" });
    const framesBefore = client.frames.length;
    sim.command({ type: "renameGuild", name: "Unheard" });
    await using next = new SessionClient(sim.gatewayUrl.replace("/gateway", "/resume"));
    await next.op(GatewayOpcode.Hello);
    next.send(GatewayOpcode.Resume, { token: sim.token, session_id: sessionId, seq: 2 });
    expect((await next.event("GUILD_UPDATE"))["name"]).toBe("Unheard");
    expect(client.frames).toHaveLength(framesBefore);
    expect(client.closed).toBeUndefined();
  });

  it("refuses upgrades on the resume URL alone", async () => {
    await start({ faults: { resumeUrlRefused: true } });
    await using refused = new SessionClient(sim.gatewayUrl.replace("/gateway", "/resume"));
    await expect(refused.op(GatewayOpcode.Hello)).rejects.toThrow();
    client = new SessionClient(sim.gatewayUrl);
    await client.op(GatewayOpcode.Hello);
  });

  it("loads many servers batch by batch and keeps quiet about those to come", async () => {
    await start({ otherGuilds: 120, guildBatchMs: 1 });
    client = new SessionClient(sim.gatewayUrl);
    await client.identify(sim.token);
    const guilds = (await client.event("READY"))["guilds"] as unknown[];
    expect(guilds).toHaveLength(121);
    const last = sim.guildIds.at(-1);
    await expect
      .poll(() => client?.frames.filter(({ t }) => t === "GUILD_CREATE").length, { interval: 5 })
      .toBe(121);
    sim.command({ type: "renameGuild", name: "Last" }, last);
    expect((await client.event("GUILD_UPDATE"))["id"]).toBe(last);
  });

  it("names no server the bot was thrown out of", async () => {
    await start({ otherGuilds: 2 });
    sim.command({ type: "removeBot" }, sim.guildIds[1]);
    client = new SessionClient(sim.gatewayUrl);
    await client.identify(sim.token);
    const guilds = (await client.event("READY"))["guilds"] as { id: string }[];
    expect(guilds.map(({ id }) => id)).toEqual([sim.guildIds[0], sim.guildIds[2]]);
  });

  it("closes with 4011 when a shard would hold too many servers", async () => {
    await start({ otherGuilds: 3, guildsPerShardMax: 2 });
    client = new SessionClient(sim.gatewayUrl);
    await client.identify(sim.token);
    expect(await client.end()).toBe(4011);
  });
});
