/**
 * How much may wait for a receiver that takes nothing: pure. At a bound nothing is dropped silently: all that waits
 * gives way to one fresh snapshot, which says which numbers it stands for.
 */
import type { OutboxDepth } from "./store/outbox-table.ts";

export interface OutboxBounds {
  readonly rowsMax: number;
  readonly bytesMax: number;
  /** Of the oldest event that waits. */
  readonly ageMaxS: number;
}

export type OutboxBound = "rows" | "bytes" | "age";

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
