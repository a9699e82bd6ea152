/**
 * A log file that begins anew each day (UTC), and when it has become large. Rules of this file:
 *   - each record is written at once: what a process says last is what matters most;
 *   - a log is not worth a process: when the file cannot be written, records are left out, counted, and the file is
 *     tried again a minute later. Standard output has them all the same.
 */
import {
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { type Clock, systemClock } from "../clock/clock.ts";
import { makeDirectory } from "../directory.ts";
import { dayOf, expiredNames, finishedName } from "./log-rotation.ts";

const FILE_BYTES_MAX = 256 * 1_024 * 1_024;
const TRY_AGAIN_MS = 60_000;
/** Files of one day; above it the last one grows. */
const FILES_OF_A_DAY_MAX = 1_000;

export interface RotatingFileOptions {
  readonly path: string;
  /** Who writes, for what the file says of itself. */
  readonly app: string;
  readonly retentionDays: number;
  readonly bytesMax?: number;
  readonly clock?: Pick<Clock, "wallMs" | "monotonicMs">;
}

export class RotatingFile {
  readonly #path: string;
  readonly #app: string;
  readonly #retentionDays: number;
  readonly #bytesMax: number;
  readonly #clock: Pick<Clock, "wallMs" | "monotonicMs">;
  #open: { readonly fd: number; readonly day: string; bytes: number } | undefined;
  /** By the monotonic clock. */
  #retryAtMs = Number.NEGATIVE_INFINITY;
  /** Records that were left out since the file was last written. */
  #leftOut = 0;

  constructor({
    path,
    app,
    retentionDays,
    bytesMax = FILE_BYTES_MAX,
    clock = systemClock,
  }: RotatingFileOptions) {
    this.#path = path;
    this.#app = app;
    this.#retentionDays = retentionDays;
    this.#bytesMax = bytesMax;
    this.#clock = clock;
  }

  /** Opens the file, so that a path that cannot be written is found at the start. @throws what the file system says */
  open(): void {
    makeDirectory(resolve(dirname(this.#path)));
    this.#ready(this.#clock.wallMs());
  }

  write(text: string): void {
    if (this.#clock.monotonicMs() < this.#retryAtMs) {
      this.#leftOut += 1;
      return;
    }
    const nowMs = this.#clock.wallMs();
    try {
      const open = this.#ready(nowMs);
      const gap = this.#leftOut === 0 ? "" : `${this.#gapRecord(nowMs)}\n`;
      open.bytes += writeSync(open.fd, gap + text);
      this.#leftOut = 0;
    } catch {
      this.#leftOut += 1;
      this.#retryAtMs = this.#clock.monotonicMs() + TRY_AGAIN_MS;
      this.close();
    }
  }

  close(): void {
    const open = this.#open;
    this.#open = undefined;
    if (open !== undefined) closeSync(open.fd);
  }

  #ready(nowMs: number) {
    const day = dayOf(nowMs);
    if (this.#open !== undefined && (this.#open.day !== day || this.#open.bytes >= this.#bytesMax)) {
      const finished = this.#open.day;
      this.close();
      this.#finish(finished);
    }
    if (this.#open !== undefined) return this.#open;
    // Left by an earlier process: of that day, not of this.
    if (existsSync(this.#path)) {
      const { mtimeMs, size } = statSync(this.#path);
      if (size > 0 && (dayOf(mtimeMs) !== day || size >= this.#bytesMax)) this.#finish(dayOf(mtimeMs));
    }
    const fd = openSync(this.#path, "a", 0o640);
    this.#open = { fd, day, bytes: fstatSync(fd).size };
    this.#removeExpired(nowMs);
    return this.#open;
  }

  #finish(day: string): void {
    const directory = dirname(this.#path);
    for (let number = 0; number < FILES_OF_A_DAY_MAX; number += 1) {
      const name = join(directory, finishedName(basename(this.#path), day, number));
      if (existsSync(name)) continue;
      renameSync(this.#path, name);
      return;
    }
  }

  #removeExpired(nowMs: number): void {
    const directory = dirname(this.#path);
    const file = basename(this.#path);
    for (const name of expiredNames(file, readdirSync(directory), nowMs, this.#retentionDays))
      rmSync(join(directory, name), { force: true });
  }

  #gapRecord(nowMs: number): string {
    return JSON.stringify({
      level: "warn",
      time: new Date(nowMs).toISOString(),
      app: this.#app,
      event: "log_records_left_out",
      records: this.#leftOut,
      msg: "the log file could not be written meanwhile; standard output has these records",
    });
  }
}
