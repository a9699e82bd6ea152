import type { ReceivedDelivery } from "@guildwire/events";
import { createVirtualClock } from "@guildwire/runtime/testing";
import { expect, it } from "vitest";
import { createSourceSeen, TELL_APART_MS, TELL_AT_LEAST_MS } from "../../src/intake/source-seen.ts";

const iso = (ms: number) => new Date(ms).toISOString();

function setUp() {
  const clock = createVirtualClock();
  const told: (readonly [atMs: number, workerAgeMs: number | undefined])[] = [];
  const startMs = clock.monotonicMs();
  const seen = createSourceSeen(clock, (source) => {
    told.push([clock.monotonicMs() - startMs, seen.of(source)?.workerAgeMs]);
  });
  return { clock, told, seen };
}

/** A delivery whose status says that Discord was last received then, by the worker's clock. */
function status(receivedAtMs?: number): ReceivedDelivery {
  const data = {
    status: "live",
    since: iso(0),
    ...(receivedAtMs !== undefined && { receivedAt: iso(receivedAtMs) }),
  } as const;
  const event = { seq: 1, id: "e-1", type: "source.status", timestamp: iso(0), data } as const;
  return { source: "1", epoch: "e", events: [{ known: true, event }] };
}

it("tells of a delivery at once, and of those that follow closely together [N1]", () => {
  const { clock, told, seen } = setUp();
  seen.received(status(), 0);
  clock.advance(100);
  seen.received(status(), 0);
  clock.advance(100);
  seen.received(status(), 0);
  clock.advance(TELL_APART_MS);
  expect(told).toEqual([
    [0, 0],
    [TELL_APART_MS, TELL_APART_MS - 200],
  ]);
  seen.close();
});

it("tells again in time when nothing comes, with its age [N2]", () => {
  const { clock, told, seen } = setUp();
  seen.received(status(), 0);
  clock.advance(2 * TELL_AT_LEAST_MS);
  expect(told).toEqual([
    [0, 0],
    [TELL_AT_LEAST_MS, TELL_AT_LEAST_MS],
    [2 * TELL_AT_LEAST_MS, 2 * TELL_AT_LEAST_MS],
  ]);
  seen.close();
  clock.advance(TELL_AT_LEAST_MS);
  expect(told).toHaveLength(3);
});

it("takes Discord's age from the worker's clock alone, however far that is off [N3]", () => {
  const { seen } = setUp();
  const workerNowMs = 86_400_000;
  seen.received(status(workerNowMs - 7_000), workerNowMs);
  expect(seen.of("1")).toEqual({ workerAgeMs: 0, discordAgeMs: 7_000 });
});

it("keeps what it knows of Discord when a delivery does not say", () => {
  const { seen } = setUp();
  seen.received(status(), 0);
  expect(seen.of("1")).toEqual({ workerAgeMs: 0, discordAgeMs: null });
  seen.received(status(1_000), 2_000);
  seen.received(status(), 3_000);
  expect(seen.of("1")?.discordAgeMs).toBe(1_000);
});

it("counts on from an earlier process, of whose word on Discord nothing is known", () => {
  const { clock, seen } = setUp();
  seen.restore("1", 60_000);
  clock.advance(1_000);
  expect(seen.of("1")).toEqual({ workerAgeMs: 61_000, discordAgeMs: null });
  seen.close();
});
