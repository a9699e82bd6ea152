import { describe, expect, it } from "vitest";
import { duration } from "../../src/report/duration.ts";
import { statusReport } from "../../src/report/status-report.ts";

describe("a report", () => {
  it("of a status prints whatever a process says, with units", () => {
    const text = statusReport({
      status: "ok",
      timestamp: "now",
      gateway: { heartbeatLatencyMs: 41, session: true },
      loop: { delayMsMax: 7 },
      sources: [{ source: "1" }, { source: "2" }],
      views: [],
      outbox: { oldestAgeS: 3_725, bytes: 1_048_576, oldest: null },
    });
    expect(text).toMatch(/heartbeatLatencyMs +41 ms/);
    expect(text).toMatch(/oldestAgeS +1 h 2 min/);
    expect(text).toMatch(/bytes +1.0 MiB/);
    expect(text).toMatch(/oldest +–/);
    expect(text).toMatch(/delayMsMax +7 ms/);
    expect(text).toMatch(/ {2}sources 1\n {4}source +1\n {2}sources 2\n {4}source +2\n {2}views +none\n/);
    expect(text).not.toContain("timestamp");
  });

  it.each([
    [59.4, "59 s"],
    [61, "1 min 1 s"],
    [7_260, "2 h 1 min"],
    [180_000, "2 d 2 h"],
  ])("says %d seconds as %s", (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });
});
