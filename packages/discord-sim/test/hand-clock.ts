import type { Clock } from "../src/clock.ts";

/** A clock that goes only when told to. */
export class HandClock implements Clock {
  #nowMs = 1_790_000_000_000;
  #timers: { readonly dueAtMs: number; readonly task: () => void }[] = [];

  nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, task: () => void): () => void {
    const timer = { dueAtMs: this.#nowMs + delayMs, task };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  pass(ms: number): void {
    const endMs = this.#nowMs + ms;
    for (;;) {
      const next = this.#timers.toSorted((a, b) => a.dueAtMs - b.dueAtMs)[0];
      if (next === undefined || next.dueAtMs > endMs) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#nowMs = Math.max(this.#nowMs, next.dueAtMs);
      next.task();
    }
    this.#nowMs = endMs;
  }

  get pending(): number {
    return this.#timers.length;
  }
}
