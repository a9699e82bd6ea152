/** Waits between attempts. They go on for ever: what is not acknowledged is not given up. */
const BASE_MS = 500;
const CAP_MS = 30_000;
/** Full jitter may draw next to nothing; a receiver in trouble gets at least this much rest. */
const FLOOR_MS = 100;

/** Full jitter: anything up to `BASE_MS · 2^(failures-1)`, at most `CAP_MS`; never less than the receiver asked for. */
export function retryDelayMs(failures: number, roll: number, retryAfterMs: number | null): number {
  const ceilingMs = Math.min(CAP_MS, BASE_MS * 2 ** Math.min(failures - 1, 16));
  return Math.max(FLOOR_MS, Math.round(ceilingMs * roll), retryAfterMs ?? 0);
}
