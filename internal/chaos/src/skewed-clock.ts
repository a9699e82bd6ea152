/**
 * Loaded into the worker before its own code: its wall clock is wrong by as many milliseconds as the file says that
 * CHAOS_CLOCK_FILE names, as that of a host whose time is set by hand. The monotonic clock and timers stay right.
 */
import { readFileSync } from "node:fs";

const READ_EVERY_MS = 100;

function skewThisProcess(file: string): void {
  let skewMs = 0;
  const RightDate = Date;
  const rightNow = Date.now.bind(Date);
  const read = () => {
    try {
      skewMs = Number(readFileSync(file, "utf8")) || 0;
    } catch {
      skewMs = 0;
    }
  };
  class SkewedDate extends RightDate {
    constructor(...values: readonly [] | readonly [number | string | Date]) {
      if (values.length === 0) super(rightNow() + skewMs);
      else super(...(values as [number]));
    }

    static override now(): number {
      return rightNow() + skewMs;
    }
  }
  globalThis.Date = SkewedDate as DateConstructor;
  read();
  setInterval(read, READ_EVERY_MS).unref();
}

const file = process.env["CHAOS_CLOCK_FILE"];
if (file !== undefined) skewThisProcess(file);
