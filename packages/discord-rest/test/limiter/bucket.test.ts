import { describe, expect, it } from "vitest";
import type { BucketFacts } from "../../src/limiter/answer.ts";
import {
  type Bucket,
  beginUse,
  bucketFreeAtMs,
  loseAnswer,
  observe,
  observeNothing,
  refuse,
  unobserved,
} from "../../src/limiter/bucket.ts";

const facts = (remaining: number, resetAfterMs: number, resetEpochMs: number | null): BucketFacts => ({
  hash: "h",
  limit: 5,
  remaining,
  resetAfterMs,
  resetEpochMs,
});

const freeAt = (bucket: Bucket, nowMs: number) => bucketFreeAtMs(bucket, bucket.inFlight, nowMs);

describe("a bucket", () => {
  it("is probed with one call at a time until an answer has named its limit [REST-9]", () => {
    const fresh = unobserved(0);
    expect(freeAt(fresh, 0)).toBe(0);
    expect(freeAt(beginUse(fresh, 0), 0)).toBe(Number.POSITIVE_INFINITY);
  });

  it("has no limit when Discord's answers name none", () => {
    const bucket = observeNothing(unobserved(0));
    expect(freeAt({ ...bucket, inFlight: 40 }, 5)).toBe(5);
  });

  it("is free again at the reset, not earlier, when nothing remains", () => {
    const bucket = observe(unobserved(0), facts(0, 4_000, 9_000), 1_000);
    expect(freeAt(bucket, 1_000)).toBe(5_000);
    expect(freeAt(bucket, 5_000)).toBe(5_000);
  });

  it("counts what is under way against what remains", () => {
    const bucket = { ...observe(unobserved(0), facts(2, 4_000, 9_000), 1_000), inFlight: 2 };
    expect(freeAt(bucket, 1_000)).toBe(5_000);
    expect(freeAt({ ...bucket, inFlight: 1 }, 1_000)).toBe(1_000);
  });

  it("believes the least that answers of one window say, in whatever order they come", () => {
    const first = observe(unobserved(0), facts(1, 4_000, 9_000), 1_000);
    const late = observe(first, facts(3, 4_100, 9_000), 1_050);
    expect(freeAt({ ...late, inFlight: 1 }, 1_050)).toBe(5_000);
  });

  it("ignores an answer of the window before", () => {
    const now = observe(unobserved(0), facts(4, 5_000, 14_000), 6_000);
    const late = observe(now, facts(0, 10, 9_000), 6_010);
    expect(freeAt(late, 6_010)).toBe(6_010);
  });

  it("gets all its calls back with the next window", () => {
    const before = observe(unobserved(0), facts(0, 4_000, 9_000), 1_000);
    const next = observe(before, facts(4, 5_000, 14_000), 5_100);
    expect(freeAt({ ...next, inFlight: 3 }, 5_100)).toBe(5_100);
  });

  it("tells windows apart by our clock where Discord's reset is missing", () => {
    const before = observe(unobserved(0), facts(0, 4_000, null), 1_000);
    expect(freeAt(observe(before, facts(3, 4_020, null), 1_030), 1_030)).toBe(5_000);
    expect(freeAt(observe(before, facts(4, 5_000, null), 5_100), 5_100)).toBe(5_100);
  });

  it("refills continuously once two answers have moved the reset on by a step", () => {
    let bucket = unobserved(0);
    // Five calls, one back per second; all five are used at once.
    for (let call = 1; call <= 5; call += 1) {
      bucket = observe(bucket, facts(5 - call, call * 1_000 - call * 10, 50_000 + call * 1_000), call * 10);
    }
    expect(bucket.kind).toBe("continuous");
    expect(freeAt(bucket, 50)).toBeGreaterThanOrEqual(1_000);
    expect(freeAt(bucket, 50)).toBeLessThan(1_020);
  });

  it("stays a window when the reset stays, so that it never sends into a window that is used up", () => {
    let bucket = unobserved(0);
    for (let call = 1; call <= 5; call += 1)
      bucket = observe(bucket, facts(5 - call, 5_000 - call * 10, 55_000), call * 10);
    expect(bucket.kind).toBe("window");
    expect(freeAt(bucket, 50)).toBe(5_000);
  });

  it("is a window for good when a continuous refill was believed and refused", () => {
    const continuous: Bucket = {
      ...unobserved(0),
      kind: "continuous",
      limit: 5,
      remaining: 1,
      resetAtMs: 4_000,
      resetEpochMs: 4_000,
      stepMs: 1_000,
    };
    let bucket = refuse(continuous, 3_000);
    for (let call = 1; call <= 4; call += 1) {
      bucket = observe(bucket, facts(5 - call, call * 1_000, 5_000 + call * 1_000), 3_000 + call);
    }
    expect(bucket.kind).toBe("window");
  });

  it("counts a call whose answer is lost as spent", () => {
    const bucket = beginUse(observe(unobserved(0), facts(1, 4_000, 9_000), 1_000), 1_100);
    expect(freeAt(loseAnswer(bucket, 2_000), 2_000)).toBe(5_000);
  });

  it("is probed again when an answer is lost after its window has ended", () => {
    const bucket = beginUse(observe(unobserved(0), facts(1, 4_000, 9_000), 1_000), 5_100);
    expect(loseAnswer(bucket, 15_100).kind).toBe("unobserved");
  });
});
