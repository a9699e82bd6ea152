/**
 * One child process that is kept running: when it dies it is reported and started again, a little later each time it
 * dies young. It lives in a process group of its own, so that Ctrl-C reaches the supervisor alone, which then stops
 * its children in order.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

export interface ProcessSpec {
  readonly name: string;
  /** Arguments of this very Node. */
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env: Readonly<Record<string, string>>;
  /** Answers 2xx once the process does its work. */
  readonly readyUrl: string;
  /** Pause before each restart, for a person who watches; without it short, and longer after each early death. */
  readonly restartAfterMs?: number;
}

export type ProcessNews =
  | { readonly type: "started"; readonly pid: number }
  | { readonly type: "ready"; readonly pid: number; readonly afterMs: number }
  | { readonly type: "line"; readonly text: string; readonly stream: "stdout" | "stderr" }
  | {
      readonly type: "died";
      readonly pid: number;
      readonly how: string;
      readonly restartInMs: number;
      readonly lastLines: readonly string[];
    };

const RESTART_MS = [250, 500, 1_000, 2_000, 5_000] as const;
/** Someone who lived this long died of something new. */
const HEALTHY_MS = 10_000;
const READY_POLL_MS = 50;
const STOP_GRACE_MS = 13_000;
const LAST_LINES_MAX = 10;

export class SupervisedProcess {
  readonly spec: ProcessSpec;
  readonly #onNews: (news: ProcessNews) => void;
  #child: ChildProcess | undefined;
  #stopping = false;
  #deathsInARow = 0;
  #restartTimer: NodeJS.Timeout | undefined;
  #ready = Promise.withResolvers<void>();
  #exited: Promise<void> = Promise.resolve();

  constructor(spec: ProcessSpec, onNews: (news: ProcessNews) => void) {
    this.spec = spec;
    this.#onNews = onNews;
  }

  get name(): string {
    return this.spec.name;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Resolves when the process that runs now, or the next one, answers. */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  start(): void {
    if (this.#stopping) return;
    const startedAtMs = performance.now();
    const child = spawn(process.execPath, [...this.spec.args], {
      ...(this.spec.cwd ? { cwd: this.spec.cwd } : {}),
      env: { ...process.env, ...this.spec.env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    this.#child = child;
    if (child.pid !== undefined) this.#onNews({ type: "started", pid: child.pid });

    const lastLines: string[] = [];
    for (const stream of ["stdout", "stderr"] as const) {
      createInterface({ input: child[stream] ?? process.stdin }).on("line", (text) => {
        lastLines.push(text);
        if (lastLines.length > LAST_LINES_MAX) lastLines.shift();
        this.#onNews({ type: "line", text, stream });
      });
    }
    const exited = Promise.withResolvers<void>();
    this.#exited = exited.promise;
    child.once("error", (error) => lastLines.push(String(error)));
    child.once("close", (code, signal) => {
      exited.resolve();
      if (this.#child === child)
        this.#onExit(child.pid ?? 0, signal ?? `exit code ${code}`, startedAtMs, lastLines);
    });
    void this.#awaitReady(child, startedAtMs);
  }

  /** SIGTERM, and SIGKILL for one that has not ended after the grace. */
  async stop(graceMs: number = STOP_GRACE_MS): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#restartTimer);
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGTERM");
    const cutOff = setTimeout(() => child.kill("SIGKILL"), Math.max(0, graceMs));
    await this.#exited;
    clearTimeout(cutOff);
  }

  /** For tests: ends the process as the kernel would. It is restarted like after any other death. */
  kill(): void {
    this.#ready = Promise.withResolvers<void>();
    this.#child?.kill("SIGKILL");
  }

  #onExit(pid: number, how: string, startedAtMs: number, lastLines: readonly string[]): void {
    if (this.#stopping) return;
    if (performance.now() - startedAtMs > HEALTHY_MS) this.#deathsInARow = 0;
    const backOffMs = RESTART_MS[Math.min(this.#deathsInARow, RESTART_MS.length - 1)] ?? 0;
    const restartInMs = this.spec.restartAfterMs ?? backOffMs;
    this.#deathsInARow += 1;
    this.#onNews({ type: "died", pid, how, restartInMs, lastLines });
    this.#restartTimer = setTimeout(() => this.start(), restartInMs);
  }

  async #awaitReady(child: ChildProcess, startedAtMs: number): Promise<void> {
    while (this.#child === child && child.exitCode === null && child.signalCode === null) {
      if (await answers(this.spec.readyUrl)) {
        this.#onNews({
          type: "ready",
          pid: child.pid ?? 0,
          afterMs: Math.round(performance.now() - startedAtMs),
        });
        this.#ready.resolve();
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, READY_POLL_MS));
    }
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
