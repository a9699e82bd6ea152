import type { Clock } from "../src/clock.ts";

/** A clock that stands still until it is turned. */
export interface VirtualClock extends Clock {
  /** Runs what falls due on the way, in order of time. */
  advance(byMs: number): void;
}

export function createVirtualClock(startMs = 1_800_000_000_000): VirtualClock {
  let now = startMs;
  let timers: { readonly dueMs: number; readonly task: () => void }[] = [];
  return {
    nowMs: () => now,
    after(delayMs, task) {
      const timer = { dueMs: now + delayMs, task };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    advance(byMs) {
      const untilMs = now + byMs;
      for (;;) {
        const [next] = timers.filter(({ dueMs }) => dueMs <= untilMs).sort((a, b) => a.dueMs - b.dueMs);
        if (next === undefined) break;
        timers = timers.filter((other) => other !== next);
        now = Math.max(now, next.dueMs);
        next.task();
      }
      now = untilMs;
    },
  };
}
