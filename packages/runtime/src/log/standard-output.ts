/**
 * Standard output that never stops the process. A pipe whose reader is stuck (a log driver, a paused terminal
 * multiplexer) fills up, and a blocking write would then stop everything. Rules of this file:
 *   - a record leaves at once while the pipe accepts it: the last records before a crash matter most;
 *   - what a full pipe does not accept waits, in order, up to a bound; records beyond it are left out and counted;
 *   - as soon as the pipe accepts records again, one record reports how many were left out.
 */
import { writeSync } from "node:fs";

/** About five thousand records: the bursts of a start, and a reader that is slow for a moment. */
const WAITING_BYTES_MAX = 1_024 * 1_024;
const RETRY_AFTER_MS = 100;

export interface StandardOutputOptions {
  /** The process that writes, for the record about records left out. */
  readonly app: string;
  /** From a record in JSON to what is written; as it is by default. */
  readonly format?: (json: string) => string;
  readonly write?: (bytes: Uint8Array) => number;
  readonly wallMs?: () => number;
  readonly waitingBytesMax?: number;
}

export class StandardOutput {
  readonly #app: string;
  readonly #format: (json: string) => string;
  readonly #write: (bytes: Uint8Array) => number;
  readonly #wallMs: () => number;
  readonly #waitingBytesMax: number;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  /** Records since the last one that was accepted. */
  #leftOut = 0;
  #retry: NodeJS.Timeout | undefined;

  constructor(options: StandardOutputOptions) {
    this.#app = options.app;
    this.#format = options.format ?? ((json) => json);
    this.#write = options.write ?? writeNonBlocking();
    this.#wallMs = options.wallMs ?? Date.now;
    this.#waitingBytesMax = options.waitingBytesMax ?? WAITING_BYTES_MAX;
  }

  /** Writes one record, or several. Never blocks and never throws. */
  write(text: string): void {
    const bytes = Buffer.from(this.#format(text));
    if (this.#waitingBytes > 0 && this.#waitingBytes + bytes.length > this.#waitingBytesMax) {
      this.#leftOut += 1;
      return;
    }
    this.#wait(bytes);
    if (this.#retry === undefined) this.flush();
  }

  /** Writes what waits, as far as it is accepted now. */
  flush(): void {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    try {
      while (this.#waitingBytes > 0 || this.#leftOut > 0) this.#writeNext();
    } catch (error) {
      // Closed, or its disk is full: nothing that waits will get there.
      if (!isFull(error)) this.#leaveOutWaiting();
      this.#retry = setTimeout(() => this.flush(), RETRY_AFTER_MS);
      this.#retry.unref();
    }
  }

  #writeNext(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      const report = Buffer.from(this.#format(`${this.#report()}\n`));
      const written = this.#write(report);
      this.#leftOut = 0;
      this.#wait(report.subarray(written));
      return;
    }
    const written = this.#write(next);
    this.#waitingBytes -= written;
    if (written < next.length) this.#waiting[0] = next.subarray(written);
    else this.#waiting.shift();
  }

  #wait(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
  }

  #leaveOutWaiting(): void {
    this.#leftOut += this.#waiting.length;
    this.#waiting = [];
    this.#waitingBytes = 0;
  }

  #report(): string {
    return JSON.stringify({
      level: "warn",
      time: new Date(this.#wallMs()).toISOString(),
      app: this.#app,
      event: "log_records_left_out",
      records: this.#leftOut,
      msg: "standard output accepted no records for a while: these are missing here; LOG_FILE has them if it is set",
    });
  }
}

/** Node makes a pipe or socket non-blocking when `process.stdout` is first used. Files and terminals always accept. */
function writeNonBlocking(): (bytes: Uint8Array) => number {
  const { fd } = process.stdout;
  return (bytes) => writeSync(fd, bytes);
}

function isFull(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "EAGAIN" || code === "EWOULDBLOCK";
}
