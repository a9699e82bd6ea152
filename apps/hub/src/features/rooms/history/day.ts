/** How a day is kept: in buckets, each with the most people there were at once. A bucket that is missing is not known. */

export const DAY_MS = 86_400_000;
export const BUCKET_MS = 300_000;
export const BUCKETS = DAY_MS / BUCKET_MS;

/** Kept of a topic; at the bound the oldest is forgotten. */
export const ACTIVITY_MAX = 200;
export const ACTIVITY_TOLD_MAX = 100;
/** A guild has at most 500 channels. What is beyond has no history. */
export const ROOMS_MAX = 500;

/** Most people at once, by the number of the bucket since 1970. */
export type Peaks = ReadonlyMap<number, number>;

export function bucketOf(ms: number): number {
  return Math.floor(ms / BUCKET_MS);
}

/** The number of the oldest bucket of the day that ends now. */
export function firstBucket(nowMs: number): number {
  return bucketOf(nowMs) - BUCKETS + 1;
}

export function peakIn(peaks: Peaks, bucket: number): number | null {
  return peaks.get(bucket) ?? null;
}

/** The very same peaks when they say so already. */
export function withPeople(peaks: Peaks, bucket: number, people: number): Peaks {
  const peak = peaks.get(bucket);
  return peak !== undefined && peak >= people ? peaks : new Map(peaks).set(bucket, people);
}

/**
 * Those of the day that begins with bucket `first`. The very same peaks when the one that was seen first is of that day.
 * A clock that ran ahead has seen buckets that are yet to come: they are forgotten as well, or nothing would be any more.
 */
export function peaksSince(peaks: Peaks, first: number): Peaks {
  const seenFirst = peaks.keys().next().value;
  const isOfDay = (bucket: number): boolean => bucket >= first && bucket < first + BUCKETS;
  return seenFirst === undefined || isOfDay(seenFirst)
    ? peaks
    : new Map([...peaks].filter(([bucket]) => isOfDay(bucket)));
}
