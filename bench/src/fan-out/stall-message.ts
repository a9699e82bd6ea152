/** What the benchmark and `stall-watch.ts` say to each other. */
export interface StallOrder {
  readonly type: "stall";
  readonly watch: boolean;
}

export interface StallReport {
  readonly type: "stalled";
  /** The longest that somebody had to wait for the event loop, ms by the clock: the disk and the machine's others are in it. */
  readonly longestMs: number;
  /** The most that the process worked in one go, ms of CPU time. */
  readonly longestCpuMs: number;
}

export function isStallReport(message: unknown): message is StallReport {
  return (message as StallReport).type === "stalled";
}
