/** Time as the shell sees it; tests bring their own. */
export interface Clock {
  /** Unix ms. It must not go back: silence and pauses are measured with it. */
  now(): number;
  /** Runs `task` once after `afterMs`; the returned function calls it off. */
  after(afterMs: number, task: () => void): () => void;
}

/**
 * Unix milliseconds that never go back. Between two calls it advances by the larger of what the two clocks say: the
 * monotonic one is not affected when the wall clock is set back, and the wall clock counts the time that a computer was
 * asleep, which the monotonic clock of some browsers leaves out.
 */
export function createSteadyNow(
  wallMs: () => number = Date.now,
  monotonicMs: () => number = () => performance.now(),
): () => number {
  let now = wallMs();
  let last = { wallMs: now, monotonicMs: monotonicMs() };
  return () => {
    const read = { wallMs: wallMs(), monotonicMs: monotonicMs() };
    now += Math.max(0, read.wallMs - last.wallMs, read.monotonicMs - last.monotonicMs);
    last = read;
    return now;
  };
}

/** The clocks of the browser, or of Node. */
export function createSystemClock(): Clock {
  return {
    now: createSteadyNow(),
    after(afterMs, task) {
      const timer = setTimeout(task, afterMs);
      return () => clearTimeout(timer);
    },
  };
}
