/**
 * Loaded into a server before it starts (`--import`): how long its event loop was held up, asked for by Node's IPC. A
 * timer of 1 ms looks at the clock and at the thread's CPU time each time that it has its turn. It does nothing until it
 * is asked to watch, so that CPU time is measured without it.
 */
import type { StallOrder, StallReport } from "./stall-message.ts";

const EVERY_MS = 1;
let timer: NodeJS.Timeout | undefined;
let longestMs = 0;
let longestCpuMs = 0;

/**
 * Linux brings the count of the running thread up to date when the whole process is asked for, and not for the thread
 * alone: that by itself would be as old as the last tick of the scheduler, up to 4 ms.
 */
function cpuMs(): number {
  process.cpuUsage();
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

function watch(): void {
  let [atMs, atCpuMs] = [performance.now(), cpuMs()];
  longestMs = 0;
  longestCpuMs = 0;
  timer = setInterval(() => {
    const [nowMs, nowCpuMs] = [performance.now(), cpuMs()];
    longestMs = Math.max(longestMs, nowMs - atMs - EVERY_MS);
    longestCpuMs = Math.max(longestCpuMs, nowCpuMs - atCpuMs);
    [atMs, atCpuMs] = [nowMs, nowCpuMs];
  }, EVERY_MS);
}

process.on("message", (message: StallOrder | undefined) => {
  if (message?.type !== "stall") return;
  if (message.watch) {
    watch();
    return;
  }
  clearInterval(timer);
  const report: StallReport = { type: "stalled", longestMs, longestCpuMs };
  process.send?.(report);
});
// Listening to the parent must not keep a server alive that wants to end.
process.channel?.unref();
