import type { HubStatus, TopicSync } from "@guildwire/client";
import { expect, it } from "vitest";
import { freshness } from "../../../../src/features/rooms/freshness/freshness.ts";

type Source = Parameters<typeof freshness>[0]["source"];

const LIVE: HubStatus = { name: "live", since: 0 };
const NOTHING_SEEN = { seen: null, silence: "none", hubMs: null } as const;
const FOLLOWING: TopicSync = { name: "following" };

function read(
  status: HubStatus,
  source: Source = { status: "live", since: 9 },
  sync = FOLLOWING,
  latencyMs = 40,
) {
  const { tone, label, since } = freshness({ ...NOTHING_SEEN, status, sync, source, latencyMs });
  return [tone, label, since];
}

it("is live only when connection, copy and source all are, and says how far behind", () => {
  expect(read(LIVE)).toEqual(["live", "live · 40 ms", null]);
  expect(
    freshness({
      ...NOTHING_SEEN,
      status: LIVE,
      sync: FOLLOWING,
      source: { status: "live", since: 0 },
      latencyMs: null,
    }).label,
  ).toBe("live");
});

it.each<[HubStatus, Source, TopicSync, readonly unknown[]]>([
  [{ name: "idle" }, null, FOLLOWING, ["wait", "connecting…", null]],
  [{ name: "connecting", since: 1, failures: 0 }, null, FOLLOWING, ["wait", "connecting…", null]],
  [{ name: "connecting", since: 1, failures: 4 }, null, FOLLOWING, ["down", "server unreachable", 1]],
  [
    { name: "reconnecting", since: 1, failures: 3, retryAt: 2 },
    null,
    FOLLOWING,
    ["wait", "reconnecting…", null],
  ],
  [
    { name: "reconnecting", since: 1, failures: 4, retryAt: 2 },
    null,
    FOLLOWING,
    ["down", "server unreachable", 1],
  ],
  [{ name: "catchingUp", since: 1 }, null, FOLLOWING, ["wait", "catching up", null]],
  [{ name: "offline", since: 1 }, null, FOLLOWING, ["down", "you are offline", 1]],
  [
    { name: "stopped", since: 1, code: 4403, reason: "not allowed" },
    null,
    FOLLOWING,
    ["down", "not allowed", null],
  ],
  [LIVE, { status: "live", since: 0 }, { name: "behind" }, ["wait", "catching up", null]],
  [LIVE, { status: "live", since: 0 }, { name: "refused", code: "x", message: "no" }, ["down", "no", null]],
  [LIVE, null, FOLLOWING, ["wait", "catching up", null]],
  [LIVE, { status: "resync", since: 7 }, FOLLOWING, ["wait", "catching up with Discord", null]],
  [LIVE, { status: "stale", since: 7 }, FOLLOWING, ["stale", "worker silent, stale since", 7]],
  [LIVE, { status: "outage", since: 7 }, FOLLOWING, ["stale", "Discord outage since", 7]],
  [LIVE, { status: "gone", since: 7 }, FOLLOWING, ["down", "the bot has left this server", null]],
])("says what is wrong first: %j, source %j, copy %j", (status, source, sync, expected) => {
  expect(read(status, source, sync)).toEqual(expected);
});

const LIVE_FACTS = {
  ...NOTHING_SEEN,
  status: LIVE,
  sync: FOLLOWING,
  source: { status: "live", since: 9 },
  latencyMs: 40,
} as const;

it("gives what is live the age of Discord's last word, and the latency while it is young", () => {
  const { label, age } = freshness({ ...LIVE_FACTS, seen: { workerMs: 900, discordMs: 500 } });
  expect(label).toBe("live");
  expect(age).toEqual({ sinceMs: 500, before: " · ", after: " ago", young: " · 40 ms" });
});

it("names the hop that is silent", () => {
  const seen = { workerMs: 900, discordMs: 500 };
  expect(freshness({ ...LIVE_FACTS, seen, silence: "worker" })).toMatchObject({
    tone: "stale",
    label: "worker silent",
    age: { sinceMs: 900 },
  });
  expect(freshness({ ...LIVE_FACTS, seen, silence: "hub", hubMs: 950 })).toMatchObject({
    tone: "stale",
    label: "server silent",
    age: { sinceMs: 950 },
  });
  const source = { status: "resync", since: 500, reason: "discord_silent" } as const;
  expect(freshness({ ...LIVE_FACTS, seen, source })).toMatchObject({
    tone: "stale",
    label: "Discord silent",
    age: { sinceMs: 500 },
  });
});

it("blames nobody's silence for what the worker has reported", () => {
  const source = { status: "outage", since: 7 } as const;
  const facts = { ...LIVE_FACTS, source, seen: { workerMs: 0, discordMs: 0 }, silence: "worker" } as const;
  expect(freshness(facts).label).toBe("Discord outage since");
});
