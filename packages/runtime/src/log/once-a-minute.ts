/** Throttled logging for events that clients trigger: the first at once, then a count per minute. */
import type { Clock } from "../clock/clock.ts";

const REPORT_AGAIN_AFTER_MS = 60_000;

/** `report` is called with the number of events since its last call. Kinds are few: each is kept for good. */
export function onceAMinute<Kind extends string>(
  clock: Pick<Clock, "monotonicMs">,
  report: (kind: Kind, times: number) => void,
): (kind: Kind) => void {
  const reports = new Map<Kind, { atMs: number; unreported: number }>();
  return (kind) => {
    const last = reports.get(kind) ?? { atMs: Number.NEGATIVE_INFINITY, unreported: 0 };
    reports.set(kind, last);
    last.unreported += 1;
    if (clock.monotonicMs() - last.atMs < REPORT_AGAIN_AFTER_MS) return;
    report(kind, last.unreported);
    last.atMs = clock.monotonicMs();
    last.unreported = 0;
  };
}
