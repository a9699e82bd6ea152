/** The watching thread of `watchdog.ts`. It has little besides a timer, so that nothing can hold it up. */
import { appendFileSync, writeSync } from "node:fs";
import { workerData } from "node:worker_threads";
import type { WatchedBy } from "./watchdog.ts";

const LOOK_EVERY_MS = 1_000;

const { beats, app, blockedMsMax, logFile } = workerData as WatchedBy;
let seen = -1;
let unchangedLooks = 0;

// Looks are counted, not time: while the machine sleeps or the process is paused, nobody looks.
setInterval(() => {
  const now = Atomics.load(beats, 0);
  unchangedLooks = now === seen ? unchangedLooks + 1 : 0;
  seen = now;
  if (unchangedLooks * LOOK_EVERY_MS < blockedMsMax) return;
  const record = {
    level: "fatal",
    time: new Date().toISOString(),
    app,
    event: "process_stuck",
    errorCode: "E024",
    blockedS: Math.round((unchangedLooks * LOOK_EVERY_MS) / 1_000),
    msg: "E024 the event loop does not turn: the process is killed, and a restart goes on where it was",
  };
  const line = `${JSON.stringify(record)}\n`;
  // Neither a full pipe nor a full disk may keep the process alive, or keep the record from the other one.
  attempt(() => writeSync(1, line));
  attempt(() => logFile !== null && appendFileSync(logFile, line));
  process.kill(process.pid, "SIGKILL");
}, LOOK_EVERY_MS);

function attempt(write: () => unknown): void {
  try {
    write();
  } catch {
    // There is nothing left to report it to.
  }
}
