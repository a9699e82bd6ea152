import { expect, it } from "vitest";
import type { FreshnessFacts } from "../../../../src/features/rooms/freshness/freshness.ts";
import { freshnessTrail } from "../../../../src/features/rooms/freshness/freshness-trail.ts";

const LIVE: FreshnessFacts = {
  status: { name: "live", since: 0 },
  sync: { name: "following" },
  source: { status: "live", since: 0 },
  latencyMs: 40,
  seen: null,
  silence: "none",
  hubMs: null,
};

const tones = (facts: Partial<FreshnessFacts>) =>
  freshnessTrail({ ...LIVE, ...facts }).map(({ tone }) => tone);

it("is whole when every hop is", () => {
  expect(tones({})).toEqual(["live", "live", "live", "live"]);
  expect(freshnessTrail(LIVE).at(-1)?.words).toBe("had the latest change 40 ms later");
});

it("shows the hop that holds up the news", () => {
  expect(tones({ source: { status: "outage", since: 1 } })).toEqual(["down", "live", "live", "live"]);
  expect(tones({ source: { status: "resync", since: 1 } })).toEqual(["wait", "live", "live", "live"]);
  expect(tones({ sync: { name: "stuck" } })).toEqual(["live", "live", "live", "wait"]);
  expect(tones({ source: { status: "stale", since: 1 } })).toEqual(["unknown", "down", "live", "live"]);
  expect(tones({ silence: "worker" })).toEqual(["unknown", "down", "live", "live"]);
  expect(tones({ silence: "hub" })).toEqual(["unknown", "unknown", "down", "live"]);
  const silent = { status: "resync", since: 1, reason: "discord_silent" } as const;
  expect(tones({ source: silent })).toEqual(["down", "live", "live", "live"]);
});

it("claims nothing of Discord while the hub itself is not heard", () => {
  expect(tones({ status: { name: "offline", since: 1 } })).toEqual(["unknown", "unknown", "down", "wait"]);
  expect(tones({ status: { name: "reconnecting", since: 1, failures: 9, retryAt: null } })).toEqual([
    "unknown",
    "unknown",
    "wait",
    "wait",
  ]);
  expect(tones({ source: null })).toEqual(["unknown", "unknown", "live", "live"]);
});
