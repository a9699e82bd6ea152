/** Time as the hub's parts see it; tests give them one they turn by hand. */
export interface Clock {
  nowMs(): number;
  /** Runs `task` once after the delay. Returns what cancels it. */
  after(delayMs: number, task: () => void): () => void;
  /** Runs `task` in a coming turn of the event loop, after what has come in meanwhile. Returns what cancels it. */
  soon(task: () => void): () => void;
}

/** Timers of this clock never keep the process alive: a hub's life is its server's. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
  soon(task) {
    const immediate = setImmediate(task);
    return () => clearImmediate(immediate);
  },
};
