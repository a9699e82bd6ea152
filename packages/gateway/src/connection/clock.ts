/** Time as the shell sees it; tests put a virtual one in its place. */
export interface Clock {
  /** Monotonic milliseconds. */
  nowMs(): number;
  /** Calls back once. The returned function cancels; cancelling late is harmless. */
  startTimer(afterMs: number, fire: () => void): () => void;
}

/**
 * Node's clock. A timer fires only after the sockets have been read: when the process was held up, an acknowledgement
 * that already waits in the socket must be seen before the deadline that it meets.
 */
export const nodeClock: Clock = {
  nowMs: () => performance.now(),
  startTimer(afterMs, fire) {
    let immediate: NodeJS.Immediate | undefined;
    const timeout = setTimeout(() => {
      immediate = setImmediate(fire);
    }, afterMs);
    return () => {
      clearTimeout(timeout);
      clearImmediate(immediate);
    };
  },
};
