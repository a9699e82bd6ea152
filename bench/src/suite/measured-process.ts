/**
 * A Node process that is measured from outside: CPU time of all its threads, memory, all from /proc, so that measuring
 * costs the subject nothing. Linux only. It is pinned to one core where `taskset` is there, and talks by Node's IPC.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";

export interface ProcessOptions {
  /** A script and its arguments. */
  readonly script: string;
  readonly args?: readonly string[];
  /** Flags of Node itself. */
  readonly nodeFlags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The core it is pinned to; the last but not the first is the subject's by custom. Left out, it is not pinned. */
  readonly core?: number;
}

/** Load generators and stand-ins run here, and subjects there, so that neither takes the other's time. */
export const LOAD_CORE = 0;
export const SUBJECT_CORE = availableParallelism() - 1;

/** Of a clock tick in /proc, on every Linux there is: USER_HZ is 100. */
const TICK_MS = 10;
const PAGE_KB = 1024;

export class MeasuredProcess {
  readonly #child: ChildProcess;
  readonly pid: number;
  #output = "";

  private constructor(child: ChildProcess, pid: number) {
    this.#child = child;
    this.pid = pid;
    child.stdout?.on("data", (chunk: Buffer) => this.#keep(chunk));
    child.stderr?.on("data", (chunk: Buffer) => this.#keep(chunk));
  }

  static start({ script, args = [], nodeFlags = [], env = {}, core }: ProcessOptions): MeasuredProcess {
    const command = [process.execPath, "--no-warnings", ...nodeFlags, script, ...args];
    const whole = core === undefined ? command : ["taskset", "-c", String(core), ...command];
    const [program = process.execPath, ...rest] = whole;
    const child = spawn(program, rest, {
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      serialization: "advanced",
      // Nothing of the surroundings that a subject might read as its own configuration.
      env: { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "", ...env },
    });
    if (child.pid === undefined) throw new Error(`cannot start ${program}`);
    return new MeasuredProcess(child, child.pid);
  }

  /** User and system time of all threads, in ms; to a few µs, or to 10 ms when threads that did something ended. */
  cpuMs(): number {
    const stat = readFileSync(`/proc/${this.pid}/stat`, "latin1");
    // The name in parentheses may hold anything; what follows it is plain. utime and stime are fields 14 and 15.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const inTicksMs = (Number(fields[11]) + Number(fields[12])) * TICK_MS;
    return Math.max(inTicksMs - TICK_MS, this.#scheduledMs());
  }

  /** The scheduler's own count of the threads that are there, in nanoseconds; 0 where the kernel does not keep it. */
  #scheduledMs(): number {
    const tasks = `/proc/${this.pid}/task`;
    return readdirSync(tasks).reduce((sum, task) => {
      try {
        return sum + Number(readFileSync(`${tasks}/${task}/schedstat`, "latin1").split(" ")[0]) / 1e6;
      } catch {
        // It ended since.
        return sum;
      }
    }, 0);
  }

  /** Resident memory now, in bytes. */
  rssBytes(): number {
    return this.#statusBytes("VmRSS");
  }

  /** The most that was resident at once, in bytes. */
  peakRssBytes(): number {
    return this.#statusBytes("VmHWM");
  }

  #statusBytes(field: string): number {
    const text = readFileSync(`/proc/${this.pid}/status`, "latin1");
    const kilobytes = new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(text)?.[1];
    if (kilobytes === undefined) throw new Error(`no ${field} of process ${this.pid}`);
    return Number(kilobytes) * PAGE_KB;
  }

  send(message: unknown): void {
    this.#child.send(message as object);
  }

  /** The next message that `picks` picks; rejects when the process ends or the time is over, with its last words. */
  async message<Message>(
    picks: (message: unknown) => message is Message,
    withinMs: number,
  ): Promise<Message> {
    return new Promise((resolve, reject) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#child.off("message", onMessage);
        this.#child.off("exit", onExit);
      };
      const onMessage = (message: unknown): void => {
        if (!picks(message)) return;
        done();
        resolve(message);
      };
      const fail = (reason: string): void => {
        done();
        reject(new Error(`${reason}: ${this.output.slice(-600)}`));
      };
      const onExit = (code: number | null): void => fail(`process ended with ${code}`);
      const timer = setTimeout(() => fail(`no answer within ${withinMs} ms`), withinMs);
      this.#child.on("message", onMessage);
      this.#child.on("exit", onExit);
    });
  }

  /** The first match in what it prints from the start; rejects when the process ends or the time is over. */
  async printed(pattern: RegExp, withinMs: number): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#child.stdout?.off("data", look);
        this.#child.stderr?.off("data", look);
        this.#child.off("exit", onExit);
      };
      const look = (): void => {
        const match = pattern.exec(this.output);
        if (match === null) return;
        done();
        resolve(match);
      };
      const fail = (reason: string): void => {
        done();
        reject(new Error(`${reason}: ${this.output.slice(-600)}`));
      };
      const onExit = (code: number | null): void => fail(`process ended with ${code}`);
      const timer = setTimeout(() => fail(`nothing like ${pattern} within ${withinMs} ms`), withinMs);
      this.#child.stdout?.on("data", look);
      this.#child.stderr?.on("data", look);
      this.#child.on("exit", onExit);
      look();
    });
  }

  /** The last 8 KB of what it printed. */
  get output(): string {
    return this.#output;
  }

  #keep(chunk: Buffer): void {
    this.#output = (this.#output + chunk.toString("utf8")).slice(-8_192);
  }

  /** Ends it by its id and waits until it is gone. */
  async end(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, "exit");
    this.#child.kill(signal);
    await gone;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
  }
}
