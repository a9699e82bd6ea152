import type { SourceStatus } from "@guildwire/events";
import { VirtualClock } from "@guildwire/gateway/testing";
import { describe, expect, it } from "vitest";
import { Freshness, REPEAT_AFTER_MS, RESYNC_GRACE_MS } from "../src/freshness.ts";

const NOW_ISO = "2026-11-21T09:00:00.000Z";

function setUp() {
  const clock = new VirtualClock();
  const told: SourceStatus[] = [];
  const since: string[] = [];
  let quiet = true;
  const freshness = new Freshness({
    clock,
    tell(status, sinceIso) {
      told.push(status);
      since.push(sinceIso);
    },
    isQuiet: () => quiet,
  });
  return { clock, told, since, freshness, setQuiet: (value: boolean) => (quiet = value) };
}

describe("freshness", () => {
  it("says nothing of a connection that is back within the grace", () => {
    const { clock, told, freshness } = setUp();
    freshness.live(NOW_ISO);
    freshness.connectionLost();
    clock.advance(RESYNC_GRACE_MS - 1);
    freshness.resumed("live");
    clock.advance(60_000);
    expect(told).toEqual([]);
  });

  it("reports `live` with the time of the snapshot when a new session begins within the grace", () => {
    const { told, since, freshness } = setUp();
    freshness.live(NOW_ISO);
    freshness.connectionLost();
    freshness.live("2026-11-21T09:00:02.000Z");
    expect(told).toEqual(["live"]);
    expect(since).toEqual(["2026-11-21T09:00:02.000Z"]);
  });

  it("repeats `live` with the time of the snapshot that reported it", () => {
    const { clock, since, freshness } = setUp();
    freshness.live(NOW_ISO);
    freshness.delivered();
    clock.advance(REPEAT_AFTER_MS);
    expect(since).toEqual([NOW_ISO]);
  });

  it("says resync after the grace, and live when the session is resumed", () => {
    const { clock, told, freshness } = setUp();
    freshness.live(NOW_ISO);
    freshness.connectionLost();
    clock.advance(RESYNC_GRACE_MS);
    freshness.resumed("live");
    expect(told).toEqual(["resync", "live"]);
  });

  it.each(["outage", "gone"] as const)(
    "says %s when a process that was started anew resumes into it",
    (status) => {
      const { told, freshness } = setUp();
      freshness.resumed(status);
      expect(told).toEqual([status]);
    },
  );

  it("does not repeat what an event of its own has told", () => {
    const { told, freshness } = setUp();
    freshness.live(NOW_ISO);
    freshness.suspended("outage", NOW_ISO);
    expect(told).toEqual([]);
  });

  it("repeats the status after ten quiet seconds, and not while something waits to be delivered", () => {
    const { clock, told, freshness, setQuiet } = setUp();
    freshness.live(NOW_ISO);
    freshness.delivered();
    clock.advance(REPEAT_AFTER_MS);
    expect(told).toEqual(["live"]);
    setQuiet(false);
    clock.advance(10 * REPEAT_AFTER_MS);
    expect(told).toEqual(["live"]);
    freshness.stop();
    expect(clock.pending).toBe(0);
  });
});
