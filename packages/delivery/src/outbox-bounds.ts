/**
 * How much may wait for a receiver that acknowledges nothing: pure. At a bound nothing is dropped silently: in a state
 * stream a snapshot replaces what waits, in a fact stream `events.lost` records it.
 */
export interface OutboxBounds {
  readonly rowsMax: number;
  readonly bytesMax: number;
  /** Of the oldest event that waits. */
  readonly ageMaxS: number;
}

export type OutboxBound = "rows" | "bytes" | "age";

/** What waits for one receiver, of one stream or of all. */
export interface OutboxDepth {
  readonly waiting: number;
  readonly bytes: number;
  readonly oldestTimestamp: string | null;
}

/**
 * The bound that is exceeded, if one is. `before`: what waited right after the last time; a snapshot that alone is above
 * the bound, itself or by its parts, must not be made again until as much has come once more.
 */
export function exceededBound(
  { waiting, bytes, oldestTimestamp }: OutboxDepth,
  { rowsMax, bytesMax, ageMaxS }: OutboxBounds,
  nowMs: number,
  before: Pick<OutboxDepth, "waiting" | "bytes">,
): OutboxBound | null {
  if (waiting > Math.max(rowsMax, 2 * before.waiting)) return "rows";
  if (bytes > Math.max(bytesMax, 2 * before.bytes)) return "bytes";
  return (oldestAgeS(oldestTimestamp, nowMs) ?? 0) > ageMaxS ? "age" : null;
}

/** Seconds since the oldest event was written; `null` when nothing waits. */
export function oldestAgeS(oldestTimestamp: string | null, nowMs: number): number | null {
  return oldestTimestamp === null ? null : Math.max(0, (nowMs - Date.parse(oldestTimestamp)) / 1000);
}
