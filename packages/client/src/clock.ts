/** Time as the shell sees it; tests bring their own. */
export interface Clock {
  /** Unix ms. */
  now(): number;
  /** Runs `task` once after `afterMs`; the returned function calls it off. */
  after(afterMs: number, task: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(afterMs, task) {
    const timer = setTimeout(task, afterMs);
    return () => clearTimeout(timer);
  },
};
