import type { Clock } from "../clock/clock.ts";

/** A clock that stands still until it is advanced. Its two times differ, so that a test fails which confuses them. */
export interface VirtualClock extends Clock {
  /** Lets time pass on both clocks; timers that fall due fire in order of time. */
  advance(byMs: number): void;
  /** Sets the wall clock forward or, with a negative number, back. Monotonic time and timers are not affected. */
  stepWall(byMs: number): void;
  /** Lets time pass, from timer to timer, until the promise is settled. */
  until<Value>(promise: Promise<Value>): Promise<Value>;
  /** How many timers have not fired. */
  readonly pending: number;
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
  /** Fires the first timer that is due by then. */
  function fireNext(untilMs: number): boolean {
    const [next] = timers.filter(({ dueMs }) => dueMs <= untilMs).sort((a, b) => a.dueMs - b.dueMs);
    if (next === undefined) return false;
    timers = timers.filter((other) => other !== next);
    monotonicMs = Math.max(monotonicMs, next.dueMs);
    next.task();
    return true;
  }

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
      while (fireNext(untilMs));
      monotonicMs = untilMs;
    },
    async until(promise) {
      let settled = false;
      const settle = () => {
        settled = true;
      };
      promise.then(settle, settle);
      for (;;) {
        // A turn of the event loop: every promise that can be settled without time passing is.
        await new Promise((resolve) => setImmediate(resolve));
        if (settled) return await promise;
        fireNext(Number.POSITIVE_INFINITY);
      }
    },
    get pending() {
      return timers.length;
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
