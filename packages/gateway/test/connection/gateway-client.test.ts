import { createVirtualClock } from "@guildwire/runtime/testing";
import { describe, expect, it } from "vitest";
import type { DispatchBatch } from "../../src/connection/delivery-queue.ts";
import { GatewayClient } from "../../src/connection/gateway-client.ts";
import type { GatewayClientOptions, GatewayEvent } from "../../src/connection/gateway-client-options.ts";
import { type MemoryPeer, memoryNetwork } from "./memory-socket.ts";

const MAIN_URL = "wss://gateway.test";
const RESUME_URL = "wss://resume.test/r";
const LIMIT = { total: 1000, remaining: 1000, resetAfterMs: 0, maxConcurrency: 1 };
const READY = {
  op: 0,
  t: "READY",
  s: 1,
  d: {
    session_id: "s1",
    resume_gateway_url: RESUME_URL,
    user: { id: "1", bot: true },
    guilds: [{ id: "100" }],
  },
};

function setUp(overrides: Partial<GatewayClientOptions> = {}) {
  const clock = createVirtualClock();
  const network = memoryNetwork();
  const batches: DispatchBatch[] = [];
  const events: GatewayEvent[] = [];
  const client = new GatewayClient({
    token: "secret-token",
    intents: 129,
    compression: "none",
    onDispatches: (batch) => {
      batches.push(batch);
      client.confirmStored(batch.session.id, batch.lastSeq);
    },
    onEvent: (event) => events.push(event),
    fetchGatewayBot: () =>
      Promise.resolve({ ok: true, value: { url: MAIN_URL, shards: 1, sessionStartLimit: LIMIT } }),
    clock,
    random: () => 0.5,
    openSocket: network.openSocket,
    ...overrides,
  });
  const peer = async (): Promise<MemoryPeer> => {
    await settle();
    const newest = network.peers.at(-1);
    if (newest === undefined) throw new Error("nothing was dialled");
    return newest;
  };
  return { clock, client, batches, events, peers: network.peers, peer };
}

/** Lets everything run that is already under way. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Inflating happens on other threads, which take their own time. */
async function until(satisfied: () => boolean): Promise<void> {
  while (!satisfied()) await settle();
}

async function connect(world: ReturnType<typeof setUp>): Promise<MemoryPeer> {
  world.client.start();
  const peer = await world.peer();
  peer.open().say({ op: 10, d: { heartbeat_interval: 40_000 } });
  world.clock.advance(0);
  peer.say(READY);
  await settle();
  return peer;
}

describe("Gateway client", () => {
  it("asks for version 10, JSON and the compression it was told to use", async () => {
    const world = setUp({ compression: "zstd-stream" });
    world.client.start();
    expect((await world.peer()).url).toBe("wss://gateway.test/?v=10&encoding=json&compress=zstd-stream");
    await world.client.stop({ keepSession: true });
  });

  it("identifies with the token and hands READY to the consumer", async () => {
    const world = setUp();
    const peer = await connect(world);
    expect(peer.sent).toMatchObject([{ op: 2, d: { token: "secret-token", intents: 129 } }]);
    expect(world.batches).toMatchObject([{ session: { id: "s1" }, lastSeq: 1 }]);
    await world.client.stop({ keepSession: true });
  });

  it("resumes a stored session at its own URL without asking Discord for another", async () => {
    const world = setUp({
      session: { id: "old", resumeUrl: RESUME_URL, seq: 41 },
      fetchGatewayBot: () => expect.unreachable(),
    });
    world.client.start();
    const peer = await world.peer();
    expect(peer.url).toBe("wss://resume.test/r?v=10&encoding=json");
    peer.open().say({ op: 10, d: { heartbeat_interval: 40_000 } });
    expect(peer.sent).toEqual([{ op: 6, d: { token: "secret-token", session_id: "old", seq: 41 } }]);
    await world.client.stop({ keepSession: true });
  });

  it("does not identify when none is left today", async () => {
    const spent = { ...LIMIT, remaining: 0, resetAfterMs: 60_000 };
    const world = setUp({
      fetchGatewayBot: () =>
        Promise.resolve({ ok: true, value: { url: MAIN_URL, shards: 1, sessionStartLimit: spent } }),
    });
    world.client.start();
    await settle();
    expect(world.peers).toEqual([]);
    expect(world.events).toContainEqual(
      expect.objectContaining({ type: "connectionLost", cause: "identify_budget_spent", retryInMs: 60_000 }),
    );
    await world.client.stop({ keepSession: true });
  });

  it("keeps the order of frames when plain ones follow compressed ones", async () => {
    const { deflateSync, constants } = await import("node:zlib");
    const world = setUp({ compression: "zlib-stream" });
    world.client.start();
    const peer = await world.peer();
    const hello = JSON.stringify({ op: 10, d: { heartbeat_interval: 40_000 } });
    peer.open().sayBytes(deflateSync(hello, { finishFlush: constants.Z_SYNC_FLUSH }));
    peer.say({ op: 7, d: null });
    await until(() => world.events.some(({ type }) => type === "connectionLost"));
    expect(world.events).toContainEqual(
      expect.objectContaining({ type: "connectionLost", during: "awaitingIdentifyTurn" }),
    );
    await world.client.stop({ keepSession: true });
  });

  it("answers a broken frame with one reconnect", async () => {
    const world = setUp();
    const peer = await connect(world);
    peer.sayText('{"op":0,"t":');
    expect(peer.closedWith).toBe(4203);
    world.clock.advance(1_200);
    await settle();
    expect(world.peers).toHaveLength(2);
    await world.client.stop({ keepSession: true });
  });

  it("stops reading while the consumer is behind", async () => {
    const gate = Promise.withResolvers<void>();
    const world = setUp({ onDispatches: () => gate.promise });
    const peer = await connect(world);
    for (let seq = 2; seq < 2_100; seq += 1) peer.say({ op: 0, t: "X", s: seq, d: null });
    expect(peer.paused).toBe(true);
    gate.resolve();
    await settle();
    expect(peer.paused).toBe(false);
    await world.client.stop({ keepSession: true });
  });

  it("hands over only what its filter wants, and counts the rest in the sequence", async () => {
    const world = setUp({ filter: { names: new Set(["VOICE_STATE_UPDATE"]), guildId: "100" } });
    const peer = await connect(world);
    peer.sayText('{"t":"MESSAGE_CREATE","s":2,"op":0,"d":{"guild_id":"100"}}');
    peer.sayText('{"t":"VOICE_STATE_UPDATE","s":3,"op":0,"d":{"guild_id":"100"}}');
    peer.sayText('{"t":"VOICE_STATE_UPDATE","s":4,"op":0,"d":{"guild_id":"999"}}');
    await settle();
    expect(world.batches.at(-1)).toMatchObject({ lastSeq: 4, dispatches: [{ seq: 3 }] });
    peer.sayText('{"t":"VOICE_STATE_UPDATE","s":5,"op":0,"d":{"guild_id":"999"}}');
    await settle();
    expect(world.batches.at(-1)).toMatchObject({ lastSeq: 5, dispatches: [] });
    await world.client.stop({ keepSession: true });
  });

  it("stops reading a new connection too while the consumer is still behind", async () => {
    const gate = Promise.withResolvers<void>();
    const world = setUp({ onDispatches: () => gate.promise });
    const first = await connect(world);
    world.client.confirmStored("s1", 1);
    for (let seq = 2; seq < 2_100; seq += 1) first.say({ op: 0, t: "X", s: seq, d: null });
    first.close(4000);
    world.clock.advance(1_200);
    const second = await world.peer();
    second.open().say({ op: 10, d: { heartbeat_interval: 40_000 } });
    expect(second.paused).toBe(false);
    second.say({ op: 0, t: "X", s: 2_100, d: null });
    expect(second.paused).toBe(true);
    gate.resolve();
    await settle();
    expect(second.paused).toBe(false);
    await world.client.stop({ keepSession: true });
  });

  it("falls back to zlib and then to none when the server does not speak what was asked for", async () => {
    const world = setUp({ compression: "zstd-stream" });
    world.client.start();
    for (const [attempt, compress] of ["zstd-stream", "zlib-stream", null].entries()) {
      const peer = await world.peer();
      expect(new URL(peer.url).searchParams.get("compress")).toBe(compress);
      peer.open().sayBytes(Buffer.from("neither of the two \x00\x00\xff\xff", "latin1"));
      await until(() => world.events.filter(({ type }) => type === "connectionLost").length > attempt);
      world.clock.advance(5_000);
    }
    expect(world.events.filter((event) => event.type === "compressionChanged")).toMatchObject([
      { from: "zstd-stream", to: "zlib-stream" },
      { from: "zlib-stream", to: "none" },
    ]);
    await world.client.stop({ keepSession: true });
  });

  it("refuses a frame above 4096 bytes before it is sent", async () => {
    const world = setUp();
    const peer = await connect(world);
    world.client.send({
      kind: "requestGuildMembers",
      guildId: "1",
      who: { query: "é".repeat(2_048), limit: 0 },
    });
    world.client.send({ kind: "requestGuildMembers", guildId: "1", who: { userIds: ["2"] }, nonce: "n" });
    expect(world.events.at(-1)).toEqual({
      type: "commandRefused",
      kind: "requestGuildMembers",
      reason: "too_large",
    });
    expect(peer.sent.slice(1)).toEqual([
      { op: 8, d: { guild_id: "1", user_ids: ["2"], limit: 0, nonce: "n" } },
    ]);
    await world.client.stop({ keepSession: true });
  });

  it("stops, and says so, when the consumer fails", async () => {
    const world = setUp({
      onDispatches: () => {
        throw new Error("disk full");
      },
    });
    const peer = await connect(world);
    expect(world.events).toContainEqual(expect.objectContaining({ type: "consumerFailed" }));
    expect(peer.closedWith).toBe(4200);
  });

  it("leaves no timer behind when it is stopped", async () => {
    const world = setUp();
    const peer = await connect(world);
    await world.client.stop({ keepSession: true });
    expect(peer.closedWith).toBe(4200);
    expect(world.clock.pending).toBe(0);
  });

  it("never lets the token into an event", async () => {
    const world = setUp();
    const peer = await connect(world);
    peer.close(4004);
    expect(JSON.stringify(world.events)).not.toContain("secret-token");
  });
});
