import { type Snowflake, shardOfGuild } from "@guildwire/discord-wire";
import { createVirtualClock } from "@guildwire/runtime/testing";
import { describe, expect, it } from "vitest";
import { ShardGroup, type ShardGroupOptions } from "../../src/connection/shard-group.ts";
import { memoryNetwork } from "./memory-socket.ts";

function options(overrides: Partial<ShardGroupOptions> = {}) {
  const clock = createVirtualClock();
  const network = memoryNetwork();
  const sessionStartLimit = { total: 1000, remaining: 1000, resetAfterMs: 0, maxConcurrency: 2 };
  const value: ShardGroupOptions = {
    token: "t",
    intents: 1,
    compression: "none",
    shardCount: "auto",
    onDispatches: () => {},
    onEvent: () => {},
    fetchGatewayBot: () =>
      Promise.resolve({ ok: true, value: { url: "wss://gateway.test", shards: 4, sessionStartLimit } }),
    clock,
    random: () => 0.5,
    openSocket: network.openSocket,
    ...overrides,
  };
  return { clock, network, value };
}

async function create(value: ShardGroupOptions): Promise<ShardGroup> {
  const outcome = await ShardGroup.create(value);
  return outcome.ok ? outcome.group : expect.unreachable(outcome.problem);
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe("a group of shards", () => {
  it("runs as many as Discord recommends", async () => {
    const group = await create(options().value);
    expect([group.shardCount, group.shardIds]).toEqual([4, [0, 1, 2, 3]]);
  });

  it("runs only those of the bot's shards that it is given", async () => {
    const group = await create(options({ shardCount: 8, shardIds: [2, 5] }).value);
    expect(group.shardIds).toEqual([2, 5]);
    const guild = (BigInt(5) << 22n).toString() as Snowflake;
    expect(shardOfGuild(guild, 8)).toBe(5);
    expect(group.shardOf(guild)).toBe(group.shard(5));
    expect(group.shardOf("0" as Snowflake)).toBeUndefined();
  });

  it.each([
    [{ shardCount: 0 }, "shardCount must be a positive integer, not 0"],
    [{ shardCount: 2, shardIds: [0, 2] }, "shard 2 is not one of 0 to 1"],
  ])("refuses %j", async (overrides, problem) => {
    expect(await ShardGroup.create(options(overrides).value)).toEqual({ ok: false, problem });
  });

  it("says why it could not learn how many there should be", async () => {
    const { value } = options({
      fetchGatewayBot: () => Promise.resolve({ ok: false, reason: { kind: "tokenRefused" } }),
    });
    expect(await ShardGroup.create(value)).toEqual({ ok: false, problem: "GET /gateway/bot: tokenRefused" });
  });

  it("identifies one shard per key `id % max_concurrency` in 5 s", async () => {
    const { clock, network, value } = options();
    const group = await create(value);
    group.start();
    await settle();
    for (const peer of network.peers) peer.open().say({ op: 10, d: { heartbeat_interval: 60_000 } });
    const identified = () =>
      network.peers.flatMap((peer) =>
        peer.sent.flatMap(({ op, d }) =>
          op === 2 ? [(d as { shard: readonly [number, number] }).shard] : [],
        ),
      );
    clock.advance(0);
    expect(identified()).toEqual([
      [0, 4],
      [1, 4],
    ]);
    clock.advance(5_250);
    expect(identified()).toHaveLength(4);
    await group.stop({ keepSession: false });
    expect(clock.pending).toBe(0);
  });
});
