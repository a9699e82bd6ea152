import { describe, expect, it } from "vitest";
import { FAULT_KINDS, scheduleOf } from "../src/schedule.ts";

const MINUTE_MS = 60_000;
const schedules = Array.from({ length: 60 }, (_, seed) =>
  scheduleOf({ seed, durationMs: MINUTE_MS, without: [] }),
);

describe("a schedule of faults", () => {
  it("is the same for the same seed", () => {
    expect(scheduleOf({ seed: 7, durationMs: MINUTE_MS, without: [] })).toEqual(schedules[7]);
    expect(schedules[8]).not.toEqual(schedules[7]);
  });

  it("never ends a session in a resumable run", () => {
    const ending = ["session expired", "resume refused", "simulator killed"];
    const kinds = schedules.filter(({ resumable }) => resumable).flatMap(({ faults }) => faults);
    expect(kinds.length).toBeGreaterThan(0);
    expect(kinds.filter(({ kind }) => ending.includes(kind))).toEqual([]);
  });

  it("never begins a kind again while it lasts", () => {
    for (const { faults } of schedules) {
      for (const kind of FAULT_KINDS) {
        const own = faults.filter((fault) => fault.kind === kind);
        for (const [at, fault] of own.entries()) {
          expect(fault.atMs).toBeGreaterThanOrEqual((own[at - 1]?.atMs ?? 0) + (own[at - 1]?.forMs ?? 0));
        }
      }
    }
  });

  it("reaches every kind within some seeds, and leaves some out in each", () => {
    expect(new Set(schedules.flatMap(({ kinds }) => kinds))).toEqual(new Set(FAULT_KINDS));
    expect(schedules.every(({ kinds }) => kinds.length < FAULT_KINDS.length)).toBe(true);
  });

  it("keeps its other faults when a machine cannot do one kind", () => {
    const whole = scheduleOf({ seed: 11, durationMs: MINUTE_MS, without: [] });
    const partial = scheduleOf({ seed: 11, durationMs: MINUTE_MS, without: ["disk full"] });
    expect(partial.faults).toEqual(whole.faults.filter(({ kind }) => kind !== "disk full"));
  });
});
