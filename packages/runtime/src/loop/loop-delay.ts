/** How late the event loop is: pure, turned by a timer of its owner. Times are monotonic milliseconds. */

/** Turns over which the longest delay is told: a minute of turns a second. */
const DELAYS_KEPT = 60;
/** For a loop that is turned every second: timers that are this late do not fire at all. */
export const TURN_MS_MAX = 15_000;

export class LoopDelay {
  lastTurnAtMs: number;
  readonly #delays: number[] = [];

  constructor(nowMs: number) {
    this.lastTurnAtMs = nowMs;
  }

  /** Called every `everyMs`: what is later than that is the delay. */
  noteTurn(nowMs: number, everyMs: number): void {
    this.#delays.push(Math.max(0, nowMs - this.lastTurnAtMs - everyMs));
    if (this.#delays.length > DELAYS_KEPT) this.#delays.shift();
    this.lastTurnAtMs = nowMs;
  }

  get delayMs(): number {
    return this.#delays.at(-1) ?? 0;
  }

  get delayMsMax(): number {
    return Math.max(0, ...this.#delays);
  }
}
