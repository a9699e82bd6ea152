/** The built worker as a process of its own, with only the environment a user would give it. */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../dist/main.js", import.meta.url));

export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
}

export class WorkerUnderTest implements AsyncDisposable {
  readonly lines: string[] = [];
  readonly exit: Promise<Exit>;
  readonly #child: ChildProcess;
  #news = Promise.withResolvers<void>();

  constructor(env: Readonly<Record<string, string>>, words: readonly string[] = []) {
    this.#child = spawn(process.execPath, [MAIN, ...words], {
      env: { ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on("line", (line) => {
        this.lines.push(line);
        this.#tellNews();
      });
    }
    const exit = Promise.withResolvers<Exit>();
    this.exit = exit.promise;
    this.#child.once("close", (code, signal) => {
      exit.resolve({ code, signal });
      this.#tellNews();
    });
  }

  get output(): string {
    return this.lines.join("\n");
  }

  kill(signal: "SIGTERM" | "SIGINT" | "SIGKILL" | "SIGUSR2"): void {
    this.#child.kill(signal);
  }

  /** Resolves with the log record of that event; rejects when the process ends without it. */
  async untilLogged(event: string): Promise<Readonly<Record<string, unknown>>> {
    for (;;) {
      const line = this.lines.find((candidate) => candidate.includes(`"event":"${event}"`));
      if (line !== undefined) return JSON.parse(line) as Record<string, unknown>;
      if (this.#child.exitCode !== null) throw new Error(`ended without "${event}":\n${this.output}`);
      await this.#news.promise;
    }
  }

  async health(
    path = "/health",
  ): Promise<{ readonly status: number; readonly body: Record<string, unknown> }> {
    const { port } = await this.untilLogged("health_listening");
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    const text = await response.text();
    return { status: response.status, body: text.startsWith("{") ? JSON.parse(text) : { text } };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.kill("SIGKILL");
    await this.exit;
  }

  #tellNews(): void {
    this.#news.resolve();
    this.#news = Promise.withResolvers<void>();
  }
}
