import type { Clock } from "../src/clock.ts";

/** A clock that stands still until it is turned. */
export interface VirtualClock extends Clock {
  /** Runs what falls due on the way, in order of time. */
  advance(byMs: number): void;
  /** How many turns of the event loop are waited for. */
  turnsWaiting(): number;
  /** Runs what waits for the next turn; what that asks for waits for the one after. */
  turn(): void;
}

export function createVirtualClock(startMs = 1_800_000_000_000): VirtualClock {
  let now = startMs;
  let turns: (() => void)[] = [];
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
    soon(task) {
      turns.push(task);
      return () => {
        turns = turns.filter((other) => other !== task);
      };
    },
    turnsWaiting: () => turns.length,
    turn() {
      const due = turns;
      turns = [];
      for (const task of due) task();
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
