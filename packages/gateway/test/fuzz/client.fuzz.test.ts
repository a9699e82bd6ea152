import { createVirtualClock, type VirtualClock } from "@guildwire/runtime/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GatewayClient, type GatewayEvent } from "../../src/index.ts";
import { type MemoryPeer, memoryNetwork } from "../connection/memory-socket.ts";
import { FRAMES, oddFrame, spoil, spoiling } from "./wire-corpus.ts";

const [HELLO = "", , , , , READY = ""] = FRAMES;
const LIMIT = { total: 1_000, remaining: 1_000, resetAfterMs: 0, maxConcurrency: 1 };

/** Anything a server could do next: frames in any order, good and bad, a close, or time. */
const move = fc.oneof(
  { weight: 6, arbitrary: fc.record({ say: fc.constantFrom(...FRAMES) }) },
  { weight: 3, arbitrary: fc.record({ say: oddFrame }) },
  {
    weight: 2,
    arbitrary: fc.record({
      bytes: fc
        .tuple(fc.constantFrom(...FRAMES), fc.array(spoiling, { minLength: 1, maxLength: 3 }))
        .map(([frame, ways]) => spoil(Buffer.from(frame), ways)),
      binary: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ close: fc.constantFrom(null, 1000, 1006, 3000, 4000, 4009) }) },
  { weight: 4, arbitrary: fc.record({ waitMs: fc.constantFrom(0, 1, 1_000, 20_000, 60_000) }) },
);
type Move = typeof move extends fc.Arbitrary<infer Made> ? Made : never;

function play(peer: MemoryPeer, clock: VirtualClock, next: Move): void {
  if ("say" in next) peer.sayText(next.say);
  else if ("bytes" in next && next.binary) peer.sayBytes(next.bytes);
  else if ("bytes" in next) peer.sayText(next.bytes.toString("latin1"));
  else if ("close" in next) peer.close(next.close);
  else clock.advance(next.waitMs);
}

/** What every connection begins with; most go on to READY, so that there is a session to lose. */
function greet(peer: MemoryPeer, clock: VirtualClock, becomesReady: boolean): void {
  peer.open().sayText(HELLO);
  clock.advance(0);
  if (becomesReady) peer.sayText(READY);
}

async function settle(): Promise<void> {
  for (let turns = 0; turns < 3; turns += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe("a client whose server does anything at all", () => {
  it("throws nothing, leaves no timer and stops when it is asked to", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(move, { maxLength: 25 }), fc.boolean(), async (moves, becomesReady) => {
        const clock = createVirtualClock();
        const network = memoryNetwork();
        const events: GatewayEvent[] = [];
        const client = new GatewayClient({
          token: "a-token",
          intents: 129,
          compression: "none",
          clock,
          random: () => 0.5,
          openSocket: network.openSocket,
          timing: { attemptsMax: Number.POSITIVE_INFINITY },
          fetchGatewayBot: () =>
            Promise.resolve({
              ok: true,
              value: { url: "wss://gateway.test", shards: 1, sessionStartLimit: LIMIT },
            }),
          onDispatches: ({ session, lastSeq }) => client.confirmStored(session.id, lastSeq),
          onEvent: (event) => events.push(event),
        });
        client.start();
        await settle();
        const first = network.peers.at(-1);
        if (first !== undefined) greet(first, clock, becomesReady);
        for (const next of moves) {
          const peer = network.peers.at(-1);
          if (peer !== undefined) play(peer, clock, next);
          await settle();
          const newest = network.peers.at(-1);
          if (newest !== undefined && newest !== peer) greet(newest, clock, becomesReady);
        }
        await client.stop({ keepSession: true });
        expect(client.status.state).toBe("stopped");
        expect(clock.pending).toBe(0);
        expect(events.filter(({ type }) => type === "consumerFailed")).toEqual([]);
      }),
      { numRuns: 300 },
    );
  }, 30_000);
});
