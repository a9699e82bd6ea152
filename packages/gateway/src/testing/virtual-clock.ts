import type { Clock } from "../connection/clock.ts";

interface Timer {
  readonly atMs: number;
  readonly fire: () => void;
}

/** Time that stands still while anything is going on, and jumps to the next timer when nothing is. */
export class VirtualClock implements Clock {
  #nowMs = 0;
  readonly #timers = new Set<Timer>();

  nowMs(): number {
    return this.#nowMs;
  }

  startTimer(afterMs: number, fire: () => void): () => void {
    const timer = { atMs: this.#nowMs + afterMs, fire };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  get pending(): number {
    return this.#timers.size;
  }

  /** Lets `ms` pass; what is due fires in order of time. */
  advance(ms: number): void {
    const endMs = this.#nowMs + ms;
    for (;;) {
      const due = [...this.#timers].filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0];
      if (due === undefined) break;
      this.#timers.delete(due);
      this.#nowMs = Math.max(this.#nowMs, due.atMs);
      due.fire();
    }
    this.#nowMs = endMs;
  }

  /** Lets time pass until the promise is settled. */
  async until<Value>(promise: Promise<Value>): Promise<Value> {
    let settled = false;
    const settle = () => {
      settled = true;
    };
    promise.then(settle, settle);
    for (;;) {
      // A turn of the event loop: every promise that can be settled without time passing is.
      await new Promise((resolve) => setImmediate(resolve));
      if (settled) return await promise;
      this.#jump();
    }
  }

  #jump(): void {
    const [next] = [...this.#timers].toSorted((a, b) => a.atMs - b.atMs);
    if (next === undefined) return;
    this.#timers.delete(next);
    this.#nowMs = Math.max(this.#nowMs, next.atMs);
    next.fire();
  }
}
