/** Waits between attempts. They go on for ever: what is not acknowledged is not given up. */
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

/**
 * Full jitter: anything up to `base · 2^(failures-1)`, at most the cap; never less than the receiver asked for.
 * `roll` is from 0 to 1.
 */
export function retryDelayMs(outcome: Outcome, failures: number, roll: number): number {
  const { baseMs, capMs, floorMs } = outcome.kind === "signatureRefused" ? SIGNATURE : USUAL;
  const ceilingMs = Math.min(capMs, baseMs * 2 ** Math.min(failures - 1, 16));
  const askedMs = ("retryAfterMs" in outcome ? outcome.retryAfterMs : null) ?? 0;
  return Math.max(floorMs, Math.round(ceilingMs * roll), askedMs);
}
