/** What seeded runs have found, each as a story of its own. */

import { createVirtualClock } from "@guildwire/runtime/testing";
import { describe, expect, it } from "vitest";
import { GatewayClient } from "../../src/index.ts";
import { memoryNetwork } from "../connection/memory-socket.ts";

const FRAMES_MAX = 120;
const WINDOW_MS = 60_000;
/** How much later one frame may take its way than another: what the queue for Identifies allows for, too. */
const JITTER_MS = 250;

/** When each frame of a client that always has something to send leaves it, over a few minutes. */
async function departuresMs(): Promise<readonly number[]> {
  const clock = createVirtualClock();
  const sentAtMs: number[] = [];
  const network = memoryNetwork();
  const client = new GatewayClient({
    token: "a-token",
    intents: 1,
    compression: "none",
    clock,
    random: () => 0.5,
    openSocket: (url, listener) => {
      const socket = network.openSocket(url, listener);
      return { ...socket, send: () => sentAtMs.push(clock.monotonicMs()) };
    },
    fetchGatewayBot: () => expect.unreachable(),
    session: { id: "s1", resumeUrl: "wss://resume.test", seq: 1 },
    onDispatches: () => undefined,
    onEvent: () => undefined,
  });
  client.start();
  const peer = network.peers.at(-1)?.open();
  peer?.say({ op: 10, d: { heartbeat_interval: 41_250 } }).say({ op: 0, t: "RESUMED", s: 2, d: {} });
  for (let seconds = 0; seconds < 130; seconds += 1) {
    for (let count = 0; count < 20; count += 1) {
      client.send({ kind: "requestChannelInfo", guildId: "1", fields: ["status"] });
    }
    clock.advance(1_000);
    peer?.say({ op: 11 });
  }
  await client.stop({ keepSession: true });
  return sentAtMs;
}

/** The most frames that left within any window of that length. */
function mostWithin(windowMs: number, leftAtMs: readonly number[]): number {
  return Math.max(...leftAtMs.map((to) => leftAtMs.filter((ms) => ms > to - windowMs && ms <= to).length));
}

describe("a client that always has something to send", () => {
  it("lets no more frames leave in a minute than Discord takes", async () => {
    const leftAtMs = await departuresMs();
    expect(leftAtMs.length).toBeGreaterThan(FRAMES_MAX);
    expect(mostWithin(WINDOW_MS, leftAtMs)).toBeLessThanOrEqual(FRAMES_MAX);
  });

  // Seed 1808376735 (`lateUp`, `commandBurst`) was closed with 4008 while the windows had no margin: whoever is late by
  // the jitter moves that much closer to those behind.
  it("leaves room for frames that take a little longer than others", async () => {
    expect(mostWithin(WINDOW_MS + JITTER_MS, await departuresMs())).toBeLessThanOrEqual(FRAMES_MAX);
  });
});
