/**
 * One time for both ends of a run. It stands still while anything is under way on the sockets and jumps from timer to
 * timer otherwise, so that minutes pass in milliseconds and a deadline never overtakes a frame.
 */
export class VirtualTime {
  #nowMs = 0;
  #sequence = 0;
  readonly #timers = new Set<Timer>();
  readonly #settle: () => Promise<void>;

  /** `settle` resolves when nothing moves any more by itself. */
  constructor(settle: () => Promise<void>) {
    this.#settle = settle;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** Whoever starts a timer is its `owner`, so that what somebody left behind can be counted. */
  start(owner: object, afterMs: number, fire: () => void): () => void {
    this.#sequence += 1;
    const timer = { owner, dueMs: this.#nowMs + Math.max(0, afterMs), order: this.#sequence, fire };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  pendingOf(owner: object): number {
    return [...this.#timers].filter((timer) => timer.owner === owner).length;
  }

  /** What a process leaves behind when it is killed. */
  forget(owner: object): void {
    for (const timer of this.#timers) if (timer.owner === owner) this.#timers.delete(timer);
  }

  async pass(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    await this.#settle();
    for (let due = this.#next(endMs); due !== undefined; due = this.#next(endMs)) {
      this.#timers.delete(due);
      this.#nowMs = Math.max(this.#nowMs, due.dueMs);
      due.fire();
      await this.#settle();
    }
    this.#nowMs = endMs;
  }

  #next(endMs: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.dueMs > endMs) continue;
      if (first === undefined || timer.dueMs < first.dueMs) first = timer;
      else if (timer.dueMs === first.dueMs && timer.order < first.order) first = timer;
    }
    return first;
  }
}

interface Timer {
  readonly owner: object;
  readonly dueMs: number;
  readonly order: number;
  readonly fire: () => void;
}
