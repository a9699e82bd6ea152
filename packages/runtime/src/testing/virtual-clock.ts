import type { Clock } from "../clock/clock.ts";

/** A clock that stands still until it is advanced. Its two times differ, so that a test fails which confuses them. */
export interface VirtualClock extends Clock {
  /** Lets time pass on both clocks; timers that fall due fire in order of time. */
  advance(byMs: number): void;
  /** Sets the wall clock forward or, with a negative number, back. Monotonic time and timers are not affected. */
  stepWall(byMs: number): void;
  /** How many tasks wait for the next turn of the event loop. */
  turnsWaiting(): number;
  /** Runs the tasks that wait for the next turn. Tasks they start wait for the turn after it. */
  turn(): void;
}

/** Monotonic time starts here; Node's starts with the process. */
const MONOTONIC_START_MS = 5_000;

export function createVirtualClock(startWallMs = 1_800_000_000_000): VirtualClock {
  let monotonicMs = MONOTONIC_START_MS;
  let wallAheadMs = startWallMs - MONOTONIC_START_MS;
  let turns: (() => void)[] = [];
  let timers: { readonly dueMs: number; readonly task: () => void }[] = [];
  return {
    wallMs: () => monotonicMs + wallAheadMs,
    monotonicMs: () => monotonicMs,
    after(delayMs, task) {
      const timer = { dueMs: monotonicMs + delayMs, task };
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
    advance(byMs) {
      const untilMs = monotonicMs + byMs;
      for (;;) {
        const [next] = timers.filter(({ dueMs }) => dueMs <= untilMs).sort((a, b) => a.dueMs - b.dueMs);
        if (next === undefined) break;
        timers = timers.filter((other) => other !== next);
        monotonicMs = Math.max(monotonicMs, next.dueMs);
        next.task();
      }
      monotonicMs = untilMs;
    },
    stepWall(byMs) {
      wallAheadMs += byMs;
    },
    turnsWaiting: () => turns.length,
    turn() {
      const due = turns;
      turns = [];
      for (const task of due) task();
    },
  };
}
