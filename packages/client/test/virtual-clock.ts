import type { Clock } from "../src/clock.ts";

interface Task {
  readonly atMs: number;
  readonly run: () => void;
}

/** Time that passes only when told to. */
export class VirtualClock implements Clock {
  #nowMs = 1_000_000;
  readonly #tasks = new Set<Task>();

  now(): number {
    return this.#nowMs;
  }

  after(afterMs: number, run: () => void): () => void {
    const task: Task = { atMs: this.#nowMs + afterMs, run };
    this.#tasks.add(task);
    return () => void this.#tasks.delete(task);
  }

  get pending(): number {
    return this.#tasks.size;
  }

  /** Runs everything that falls due, in order, promises included. */
  async advance(byMs: number): Promise<void> {
    const until = this.#nowMs + byMs;
    for (;;) {
      await settled();
      const next = [...this.#tasks].filter((task) => task.atMs <= until).sort((a, b) => a.atMs - b.atMs)[0];
      if (next === undefined) break;
      this.#tasks.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.run();
    }
    this.#nowMs = until;
  }
}

/** Lets promises that are already settled run their continuations. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
}
