/**
 * Full jitter: the n-th wait in a row is anything from nothing to 0.5 s · 2ⁿ, at most 20 s. The first is 0–1 s. So a
 * thousand browsers that lost their hub together do not come back together.
 */
export const BACKOFF_BASE_MS = 500;
export const BACKOFF_MAX_MS = 20_000;
/** A connection that was live for so long ends the row. */
export const HEALTHY_AFTER_MS = 10_000;

/** `attempt` counts from 1; `roll` is in [0, 1). */
export function backoffMs(attempt: number, roll: number): number {
  return Math.round(roll * Math.min(BACKOFF_MAX_MS, BACKOFF_BASE_MS * 2 ** Math.max(attempt, 1)));
}
