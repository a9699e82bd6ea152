/**
 * One of Discord's route limits, for one major parameter: what the last answers said, and what is under way.
 *
 *   unobserved ── an answer with headers ──▶ window ── two answers that show it ──▶ continuous
 *        └── an answer without headers ──▶ unlimited
 *
 * `window`: all calls come back when the window ends. `continuous`: one call comes back per step, as with most buckets
 * since 2022-11. The two are told apart by the time of the reset: within a window it stays, a continuous refill moves it
 * on by a step with each call. Until that is known a bucket is a window, which never sends earlier than either kind allows.
 */
import type { BucketFacts } from "./answer.ts";

interface Use {
  /** Requests under way that may count here. */
  readonly inFlight: number;
  readonly usedAtMs: number;
  /** After 429. */
  readonly pausedUntilMs: number;
}

interface Observed {
  readonly limit: number;
  readonly remaining: number;
  /** By our clock, never earlier than by Discord's: when the window ends, or when all calls are back. */
  readonly resetAtMs: number;
  /** By Discord's clock; tells answers of one window from those of the next. */
  readonly resetEpochMs: number;
}

export type Bucket =
  | (Use & { readonly kind: "unobserved" })
  | (Use & { readonly kind: "unlimited" })
  /** `stepMs`: what answers so far suggest as the step of a continuous refill; `settled` after a 429 that denied it. */
  | (Use & Observed & { readonly kind: "window"; readonly stepMs: number | "unknown" | "settled" })
  | (Use & Observed & { readonly kind: "continuous"; readonly stepMs: number });

/** Discord's rounding of the reset, and the step of our clock where there is no such header. */
const SAME_RESET_MS = { byHeader: 2, byOurClock: 250 } as const;
/** Added to the time at which a call of a continuous refill is back. */
const STEP_MARGIN_MS = 5;

export function unobserved(nowMs: number): Bucket {
  return { kind: "unobserved", inFlight: 0, usedAtMs: nowMs, pausedUntilMs: Number.NEGATIVE_INFINITY };
}

/** The earliest time at which one more call fits beside `inFlight` others; `Infinity`: once an answer is here. */
export function bucketFreeAtMs(bucket: Bucket, inFlight: number, nowMs: number): number {
  return Math.max(bucket.pausedUntilMs, fitsAtMs(bucket, inFlight + 1, nowMs));
}

function fitsAtMs(bucket: Bucket, needed: number, nowMs: number): number {
  switch (bucket.kind) {
    case "unlimited":
      return nowMs;
    case "unobserved":
      return needed <= 1 ? nowMs : Number.POSITIVE_INFINITY;
    case "window": {
      const left = nowMs >= bucket.resetAtMs ? bucket.limit : bucket.remaining;
      if (left >= needed) return nowMs;
      return bucket.limit >= needed ? bucket.resetAtMs : Number.POSITIVE_INFINITY;
    }
    case "continuous":
      if (bucket.limit < needed) return Number.POSITIVE_INFINITY;
      return bucket.resetAtMs - (bucket.limit - needed) * bucket.stepMs + STEP_MARGIN_MS;
  }
}

export function beginUse(bucket: Bucket, nowMs: number): Bucket {
  return { ...bucket, inFlight: bucket.inFlight + 1, usedAtMs: nowMs };
}

/** The answer is here, or will not count any more. */
export function endUse(bucket: Bucket): Bucket {
  return { ...bucket, inFlight: Math.max(0, bucket.inFlight - 1) };
}

/** The answer is lost: the call counts as spent, and where that cannot be written down, the bucket is probed again. */
export function loseAnswer(bucket: Bucket, nowMs: number): Bucket {
  const rest = endUse(bucket);
  switch (rest.kind) {
    case "unobserved":
    case "unlimited":
      return rest;
    case "window":
      if (nowMs < rest.resetAtMs) return { ...rest, remaining: Math.max(0, rest.remaining - 1) };
      return { ...unobserved(nowMs), inFlight: rest.inFlight, pausedUntilMs: rest.pausedUntilMs };
    case "continuous":
      return { ...rest, resetAtMs: Math.max(nowMs, rest.resetAtMs) + rest.stepMs };
  }
}

/** Discord sends no limits for this route. */
export function observeNothing(bucket: Bucket): Bucket {
  const { inFlight, usedAtMs, pausedUntilMs } = bucket;
  return bucket.kind === "unobserved" ? { kind: "unlimited", inFlight, usedAtMs, pausedUntilMs } : bucket;
}

/** What an answer with headers teaches. Answers may come in another order than Discord gave them. */
export function observe(bucket: Bucket, facts: BucketFacts, nowMs: number): Bucket {
  const use: Use = { inFlight: bucket.inFlight, usedAtMs: nowMs, pausedUntilMs: bucket.pausedUntilMs };
  const resetAtMs = nowMs + facts.resetAfterMs;
  const observed: Observed = {
    limit: facts.limit,
    remaining: facts.remaining,
    resetAtMs,
    resetEpochMs: facts.resetEpochMs ?? resetAtMs,
  };
  if (bucket.kind === "unobserved" || bucket.kind === "unlimited") {
    return { ...use, ...observed, kind: "window", stepMs: "unknown" };
  }
  const movedMs = observed.resetEpochMs - bucket.resetEpochMs;
  const sameMs = facts.resetEpochMs === null ? SAME_RESET_MS.byOurClock : SAME_RESET_MS.byHeader;
  if (movedMs < -sameMs) return { ...bucket, ...use };
  if (movedMs <= sameMs) {
    const remaining = Math.min(bucket.remaining, facts.remaining);
    return { ...bucket, ...use, remaining, resetAtMs: Math.min(bucket.resetAtMs, resetAtMs) };
  }
  if (bucket.kind === "continuous") return { ...use, ...observed, kind: "continuous", stepMs: bucket.stepMs };
  if (bucket.stepMs === "settled") return { ...use, ...observed, kind: "window", stepMs: "settled" };
  const stepMs = stepShown(bucket, facts, movedMs, nowMs);
  if (stepMs === null) return { ...use, ...observed, kind: "window", stepMs: "unknown" };
  if (bucket.stepMs === "unknown") return { ...use, ...observed, kind: "window", stepMs };
  return { ...use, ...observed, kind: "continuous", stepMs: Math.min(stepMs, bucket.stepMs) };
}

/** The step, if this answer looks like one of a continuous refill: the reset moved on with the calls, before it came. */
function stepShown(bucket: Observed, facts: BucketFacts, movedMs: number, nowMs: number): number | null {
  const calls = bucket.remaining - facts.remaining;
  if (calls < 1 || nowMs >= bucket.resetAtMs || facts.limit !== bucket.limit) return null;
  const stepMs = movedMs / calls;
  const ratio = stepMs / (facts.resetAfterMs / (facts.limit - facts.remaining));
  return ratio >= 0.5 && ratio <= 1.5 ? stepMs : null;
}

/** After 429 in this bucket. A bucket that was thought to refill continuously, and refused, is a window from now on. */
export function refuse(bucket: Bucket, untilMs: number): Bucket {
  const pausedUntilMs = Math.max(bucket.pausedUntilMs, untilMs);
  if (bucket.kind === "unobserved" || bucket.kind === "unlimited") return { ...bucket, pausedUntilMs };
  return {
    ...bucket,
    kind: "window",
    stepMs: bucket.kind === "continuous" ? "settled" : bucket.stepMs,
    pausedUntilMs,
  };
}

/** Whether the bucket says no more than a new one would. */
export function isSpent(bucket: Bucket, quietSinceMs: number, nowMs: number): boolean {
  if (bucket.inFlight > 0 || bucket.usedAtMs > quietSinceMs || bucket.pausedUntilMs > nowMs) return false;
  return bucket.kind === "unobserved" || bucket.kind === "unlimited" || bucket.resetAtMs <= nowMs;
}
