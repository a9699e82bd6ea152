/** Waits between attempts. They never end: what is not acknowledged is not given up. */
import type { Outcome } from "./outcome.ts";

interface Ladder {
  readonly baseMs: number;
  readonly capMs: number;
  /** Full jitter may draw next to nothing; a receiver in trouble gets at least this much rest. */
  readonly floorMs: number;
}

/** A blocked log blocks all that follows, so the steps are short. */
const USUAL: Ladder = { baseMs: 500, capMs: 30_000, floorMs: 100 };
/** A wrong secret or clock is a person's to correct: asking often only fills the receiver's log with alarms. */
const SIGNATURE: Ladder = { baseMs: 5_000, capMs: 300_000, floorMs: 1_000 };

/** Asked for snapshots again and again: granting each at once would burden the other receivers of the stream. */
export const REPEATED_REQUESTS_MIN = 3;

/** A click must be answered within 3 s, so these waits have no jitter and stay short. */
const INTERACTION_WAITS_MS = [50, 100, 250, 500];
const INTERACTION_WAIT_MS_MAX = 1_000;

/** The wait before the next attempt in the lane `interactions`, after `failures` in a row. */
export function interactionDelayMs(failures: number): number {
  return INTERACTION_WAITS_MS[failures - 1] ?? INTERACTION_WAIT_MS_MAX;
}

/**
 * Full jitter: anything up to `base · 2^(failures-1)`, at most the cap; never less than the receiver asked for.
 * `roll` is from 0 to 1.
 */
export function retryDelayMs(outcome: Outcome, failures: number, roll: number, requests = 0): number {
  const isSlow = outcome.kind === "signatureRefused" || requests >= REPEATED_REQUESTS_MIN;
  const { baseMs, capMs, floorMs } = isSlow ? SIGNATURE : USUAL;
  const ceilingMs = Math.min(capMs, baseMs * 2 ** Math.min(failures - 1, 16));
  const askedMs = ("retryAfterMs" in outcome ? outcome.retryAfterMs : null) ?? 0;
  return Math.max(floorMs, Math.round(ceilingMs * roll), askedMs);
}
