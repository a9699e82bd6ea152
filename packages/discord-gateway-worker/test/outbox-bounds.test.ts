import { describe, expect, it } from "vitest";
import { exceededBound, oldestAgeS } from "../src/outbox-bounds.ts";

const BOUNDS = { rowsMax: 100, bytesMax: 10_000, ageMaxS: 60 };
const WRITTEN = "2026-11-21T09:00:00.000Z";
const WRITTEN_MS = Date.parse(WRITTEN);
const DEPTH = { waiting: 100, bytes: 10_000, oldestTimestamp: WRITTEN };

function exceeded(depth: Partial<typeof DEPTH>, nowMs = WRITTEN_MS, bytesBefore = 0) {
  return exceededBound({ ...DEPTH, ...depth }, BOUNDS, nowMs, bytesBefore);
}

describe("the outbox's bounds", () => {
  it("are not exceeded by what just fits", () => {
    expect(exceeded({}, WRITTEN_MS + 60_000)).toBeNull();
    expect(exceededBound({ waiting: 0, bytes: 0, oldestTimestamp: null }, BOUNDS, WRITTEN_MS, 0)).toBeNull();
  });

  it("are named when they are exceeded", () => {
    expect(exceeded({ waiting: 101 })).toBe("rows");
    expect(exceeded({ bytes: 10_001 })).toBe("bytes");
    expect(exceeded({}, WRITTEN_MS + 61_000)).toBe("age");
  });

  it("do not make a snapshot that is above them again and again", () => {
    expect(exceeded({ bytes: 20_000 }, WRITTEN_MS, 15_000)).toBeNull();
    expect(exceeded({ bytes: 30_001 }, WRITTEN_MS, 15_000)).toBe("bytes");
  });
});

describe("the age of the oldest event", () => {
  it("is nothing while nothing waits, and never below zero", () => {
    expect(oldestAgeS(null, WRITTEN_MS)).toBeNull();
    expect(oldestAgeS(WRITTEN, WRITTEN_MS + 1_500)).toBe(1.5);
    expect(oldestAgeS(WRITTEN, WRITTEN_MS - 5_000)).toBe(0);
  });
});
