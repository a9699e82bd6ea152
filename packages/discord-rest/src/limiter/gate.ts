/** When a job may be sent, as far as is known now. Nothing here changes anything. */
import { type Bucket, bucketFreeAtMs } from "./bucket.ts";
import { invalidFreeAtMs } from "./invalid-requests.ts";
import type { Quota, Scope, WaitingJob } from "./job.ts";
import { entryOf } from "./keyed-map.ts";
import { GLOBAL_WINDOW_MS, type RestLimits } from "./limits.ts";
import type { Line } from "./line.ts";
import { NO_SLOTS, type SlotRule, slotFreeAtMs } from "./slots.ts";
import type { Machine } from "./state.ts";

/** `now`: with what is under way. `atBest`: if all of it were answered this moment. */
export type Outlook = "now" | "atBest";

export function globalRule(limits: RestLimits): SlotRule {
  return { max: limits.globalPerSecond, windowMs: GLOBAL_WINDOW_MS, pace: "even" };
}

export function quotaRule({ max, windowMs }: Quota): SlotRule {
  return { max, windowMs, pace: "any" };
}

/** For all jobs of a scope. */
export function scopeFreeAtMs(
  machine: Machine,
  scope: Scope,
  outlook: Outlook,
  limits: RestLimits,
  nowMs: number,
): number {
  const { pausedUntilMs, inFlight } = machine.scopes[scope];
  const underWay = outlook === "now" ? machine.inFlight.size : 0;
  const pauseMs = Math.max(
    machine.edgePausedUntilMs,
    pausedUntilMs,
    invalidFreeAtMs(machine.invalid, limits.invalidRequestsMax, underWay, nowMs),
  );
  if (outlook === "atBest") return pauseMs;
  if (inFlight >= limits.inFlightMax) return Number.POSITIVE_INFINITY;
  if (scope === "interaction") return pauseMs;
  return Math.max(pauseMs, slotFreeAtMs(machine.global, globalRule(limits), nowMs));
}

/** For all jobs of a line, its scope left aside. */
export function lineFreeAtMs(machine: Machine, line: Line, outlook: Outlook, nowMs: number): number {
  if (outlook === "now" && line.order === "ordered" && line.inFlight > 0) return Number.POSITIVE_INFINITY;
  let atMs = line.pausedUntilMs;
  const known = bucketKeysOf(machine, line).map((key) => entryOf(machine.buckets, key));
  const anyObserved = known.some((bucket) => bucket !== undefined && isObserved(bucket));
  for (const bucket of known) {
    // Of a route with several buckets, those never seen for this channel may not exist for it.
    if (bucket === undefined || (anyObserved && !isObserved(bucket))) continue;
    atMs = Math.max(atMs, bucketFreeAtMs(bucket, outlook === "now" ? bucket.inFlight : 0, nowMs));
  }
  return atMs;
}

function isObserved({ kind }: Bucket): boolean {
  return kind === "window" || kind === "continuous";
}

/** For one job, its line and scope left aside. */
export function jobFreeAtMs(machine: Machine, job: WaitingJob, nowMs: number): number {
  return job.quotas.reduce((atMs, quota) => {
    const slots = entryOf(machine.quotas, quota.key) ?? NO_SLOTS;
    return Math.max(atMs, slotFreeAtMs(slots, quotaRule(quota), nowMs));
  }, job.notBeforeMs);
}

/** Buckets that the next call of this line may count in. Before an answer has named one, a bucket of the line's own. */
export function bucketKeysOf(machine: Machine, line: Line): readonly string[] {
  const hashes = entryOf(machine.routes, line.route)?.hashes;
  return hashes === undefined || hashes.length === 0
    ? [ownBucketKey(line)]
    : hashes.map((hash) => `${hash} ${line.major}`);
}

export function ownBucketKey(line: Pick<Line, "route" | "major">): string {
  return `? ${line.route} ${line.major}`;
}
