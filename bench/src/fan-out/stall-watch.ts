/**
 * Loaded into a server before it starts (`--import`): how long its event loop was held up, asked for by Node's IPC. It
 * does nothing until it is asked to watch, so that CPU time is measured without it.
 */
import { monitorEventLoopDelay } from "node:perf_hooks";

const RESOLUTION_MS = 1;
const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });

export type StallOrder = { readonly type: "stall"; readonly watch: boolean };

export interface StallReport {
  readonly type: "stalled";
  /** Over what a timer of 1 ms takes anyway. */
  readonly longestMs: number;
  readonly p99Ms: number;
}

export function isStallReport(message: unknown): message is StallReport {
  return (message as StallReport).type === "stalled";
}

const overMs = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);

process.on("message", (message: StallOrder | undefined) => {
  if (message?.type !== "stall") return;
  if (message.watch) {
    delays.reset();
    delays.enable();
    return;
  }
  delays.disable();
  const report: StallReport = {
    type: "stalled",
    longestMs: overMs(delays.max),
    p99Ms: overMs(delays.percentile(99)),
  };
  process.send?.(report);
});
// Listening to the parent must not keep a server alive that wants to end.
process.channel?.unref();
