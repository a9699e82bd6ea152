import { describe, expect, it } from "vitest";
import { exceededBound, oldestAgeS } from "../src/outbox-bounds.ts";

const BOUNDS = { rowsMax: 100, bytesMax: 10_000, ageMaxS: 60 };
const WRITTEN = "2026-11-21T09:00:00.000Z";
const WRITTEN_MS = Date.parse(WRITTEN);
const DEPTH = { waiting: 100, bytes: 10_000, oldestTimestamp: WRITTEN };

function exceeded(depth: Partial<typeof DEPTH>, nowMs = WRITTEN_MS, before = { waiting: 0, bytes: 0 }) {
  return exceededBound({ ...DEPTH, ...depth }, BOUNDS, nowMs, before);
}

describe("the outbox's bounds", () => {
  it("are not exceeded by what just fits", () => {
    expect(exceeded({}, WRITTEN_MS + 60_000)).toBeNull();
    const nothing = { waiting: 0, bytes: 0, oldestTimestamp: null };
    expect(exceededBound(nothing, BOUNDS, WRITTEN_MS, nothing)).toBeNull();
  });

  it("are named when they are exceeded", () => {
    expect(exceeded({ waiting: 101 })).toBe("rows");
    expect(exceeded({ bytes: 10_001 })).toBe("bytes");
    expect(exceeded({}, WRITTEN_MS + 61_000)).toBe("age");
  });

  it("do not make a snapshot that is above them again and again", () => {
    const before = { waiting: 150, bytes: 15_000 };
    expect(exceeded({ bytes: 20_000, waiting: 200 }, WRITTEN_MS, before)).toBeNull();
    expect(exceeded({ bytes: 30_001 }, WRITTEN_MS, before)).toBe("bytes");
    expect(exceeded({ waiting: 301 }, WRITTEN_MS, before)).toBe("rows");
  });
});

describe("the age of the oldest event", () => {
  it("is nothing while nothing waits, and never below zero", () => {
    expect(oldestAgeS(null, WRITTEN_MS)).toBeNull();
    expect(oldestAgeS(WRITTEN, WRITTEN_MS + 1_500)).toBe(1.5);
    expect(oldestAgeS(WRITTEN, WRITTEN_MS - 5_000)).toBe(0);
  });
});
