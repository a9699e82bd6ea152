import type { Clock } from "../clock.ts";

/**
 * Lets the script of life run by the clock. Events that fell due while the process was busy are made up for, up to
 * `BURST_MAX` at a time; what is further behind is forgotten, because a stand-in need not catch up after a long sleep.
 */
export class LifeLoop<Action extends { readonly afterMs: number }> {
  readonly #clock: Clock;
  readonly #propose: () => Action | undefined;
  readonly #act: (action: Action) => void;
  #cancel: (() => void) | undefined;
  #dueAtMs = 0;

  constructor(clock: Clock, propose: () => Action | undefined, act: (action: Action) => void) {
    this.#clock = clock;
    this.#propose = propose;
    this.#act = act;
  }

  get isRunning(): boolean {
    return this.#cancel !== undefined;
  }

  start(): void {
    if (this.isRunning) return;
    this.#dueAtMs = this.#clock.nowMs();
    this.#await(this.#next());
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #next(): Action | undefined {
    const action = this.#propose();
    this.#dueAtMs += action?.afterMs ?? NOBODY_THERE_MS;
    return action;
  }

  #await(action: Action | undefined): void {
    const delayMs = Math.max(0, this.#dueAtMs - this.#clock.nowMs());
    this.#cancel = this.#clock.after(delayMs, () => this.#run(action));
  }

  #run(first: Action | undefined): void {
    let action = first;
    for (let burst = 0; burst < BURST_MAX; burst += 1) {
      if (action !== undefined) this.#act(action);
      action = this.#next();
      if (this.#dueAtMs > this.#clock.nowMs()) {
        this.#await(action);
        return;
      }
    }
    this.#dueAtMs = this.#clock.nowMs();
    this.#await(action);
  }
}

const BURST_MAX = 1000;
/** How long to wait before looking again when nothing can happen. */
const NOBODY_THERE_MS = 1000;
