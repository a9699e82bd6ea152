import type { SourceStatus } from "@guildwire/events";
import { createVirtualClock } from "@guildwire/runtime/testing";
import { describe, expect, it } from "vitest";
import { Freshness, RESYNC_GRACE_MS, SILENT_AFTER_MS, type StatusData } from "../src/freshness.ts";

const NOW_ISO = "2026-11-21T09:00:00.000Z";

function setUp() {
  const clock = createVirtualClock();
  const told: SourceStatus[] = [];
  const since: string[] = [];
  const reports: StatusData[] = [];
  const link: { receivedAgoMs: number | null; unacknowledgedForMs: number | null } = {
    receivedAgoMs: null,
    unacknowledgedForMs: null,
  };
  const freshness = new Freshness({
    clock,
    report(data) {
      told.push(data.status);
      since.push(data.since);
      reports.push(data);
    },
    link: () => link,
  });
  return { clock, told, since, reports, link, freshness };
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
});

describe("an open connection that Discord does not answer on", () => {
  function silent() {
    const rig = setUp();
    rig.freshness.live(NOW_ISO);
    Object.assign(rig.link, { receivedAgoMs: 30_000, unacknowledgedForMs: SILENT_AFTER_MS });
    rig.freshness.look();
    return rig;
  }

  it("is resync with its reason, since the last time that anything came", () => {
    const beforeMs = Date.now();
    const { reports } = silent();
    expect(reports).toMatchObject([{ status: "resync", reason: "discord_silent" }]);
    const [{ since, receivedAt }] = reports as [StatusData];
    expect(since).toBe(receivedAt);
    expect(Date.parse(since) - (beforeMs - 30_000)).toBeGreaterThanOrEqual(0);
    expect(Date.parse(since)).toBeLessThanOrEqual(Date.now() - 30_000);
  });

  it("is live again when the acknowledgement comes late", () => {
    const { reports, link, freshness } = silent();
    Object.assign(link, { receivedAgoMs: 10, unacknowledgedForMs: null });
    freshness.look();
    expect(reports.at(-1)).not.toHaveProperty("reason");
    expect(reports.at(-1)).toMatchObject({ status: "live" });
  });

  it("is a lost connection, without that reason, once it is given up", () => {
    const { reports, freshness } = silent();
    freshness.connectionLost();
    expect(reports.at(-1)).toMatchObject({ status: "resync", since: reports[0]?.since });
    expect(reports.at(-1)).not.toHaveProperty("reason");
    freshness.resumed("live");
    expect(reports.at(-1)).toMatchObject({ status: "live" });
  });

  it.each([
    [
      "an acknowledgement that is a moment late",
      { receivedAgoMs: 30_000, unacknowledgedForMs: SILENT_AFTER_MS - 1 },
    ],
    ["dispatches that come meanwhile", { receivedAgoMs: 100, unacknowledgedForMs: 20_000 }],
    ["a quiet server between two heartbeats", { receivedAgoMs: 40_000, unacknowledgedForMs: null }],
  ])("is not supposed for %s", (_case, seen) => {
    const { told, link, freshness } = setUp();
    freshness.live(NOW_ISO);
    Object.assign(link, seen);
    freshness.look();
    expect(told).toEqual([]);
  });

  it("does not hide an outage", () => {
    const { told, link, freshness } = setUp();
    freshness.suspended("outage", NOW_ISO);
    Object.assign(link, { receivedAgoMs: 30_000, unacknowledgedForMs: 20_000 });
    freshness.look();
    expect(told).toEqual([]);
  });
});
