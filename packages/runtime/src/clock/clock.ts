/** Time as a process's parts see it. Tests use the virtual clock of `@guildwire/runtime/testing`. */
export interface Clock {
  /**
   * Unix milliseconds: for what is stored, sent, shown or compared with another host's time. The system may set this
   * clock back or forward at any moment, so no deadline, window or age within one process may be computed from it.
   */
  wallMs(): number;
  /** Milliseconds that only grow, from an arbitrary start: for every deadline, window and age within one process. */
  monotonicMs(): number;
  /** Runs `task` once after the delay. Returns a function that cancels it. */
  after(delayMs: number, task: () => void): () => void;
  /** Runs `task` in a later turn of the event loop, after pending input. Returns a function that cancels it. */
  soon(task: () => void): () => void;
}

/**
 * Node's clocks. A timer fires only after pending input has been read: when the process was held up, an answer that
 * already waits in the socket is seen before the deadline that it meets. Timers keep the process alive until cancelled.
 */
export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(delayMs, task) {
    let immediate: NodeJS.Immediate | undefined;
    const timer = setTimeout(() => {
      immediate = setImmediate(task);
    }, delayMs);
    return () => {
      clearTimeout(timer);
      clearImmediate(immediate);
    };
  },
  soon(task) {
    const immediate = setImmediate(task);
    return () => clearImmediate(immediate);
  },
};

/** How long ago a stored wall time was, in milliseconds: never negative, also after the clock was set back. */
export function storedAgeMs(clock: Pick<Clock, "wallMs">, storedAtMs: number): number {
  return Math.max(0, clock.wallMs() - storedAtMs);
}
