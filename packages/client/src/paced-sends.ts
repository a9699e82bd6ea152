/**
 * What a page says on one connection, in order and no faster than a hub takes it: a page that mounts thirty rooms at once
 * is not one that floods. It keeps to half of the hub's burst and two thirds of its rate, as what leaves at a pace may
 * arrive in a heap.
 *
 * The pace is a virtual clock's (GCRA): each message moves the time at which all would have been said evenly by one
 * `PACE_MS`, and may be sent while that is no more than the burst ahead.
 */
import { type ClientMessage, MESSAGES_BURST, MESSAGES_PER_SECOND } from "@guildwire/live";
import type { Clock } from "./clock.ts";

export const BURST = MESSAGES_BURST / 2;
export const PACE_MS = (1_000 / MESSAGES_PER_SECOND) * 1.5;

export class PacedSends {
  readonly #clock: Clock;
  readonly #write: (message: ClientMessage) => void;
  readonly #waiting: ClientMessage[] = [];
  #evenUntilMs = Number.NEGATIVE_INFINITY;
  #cancelNext: (() => void) | undefined;

  constructor(clock: Clock, write: (message: ClientMessage) => void) {
    this.#clock = clock;
    this.#write = write;
  }

  send(message: ClientMessage): void {
    this.#waiting.push(message);
    if (this.#cancelNext === undefined) this.#sendWhatMay();
  }

  /** The connection is gone, and what waits with it. */
  close(): void {
    this.#waiting.length = 0;
    this.#cancelNext?.();
    this.#cancelNext = undefined;
  }

  #sendWhatMay(): void {
    this.#cancelNext = undefined;
    const nowMs = this.#clock.now();
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const evenUntilMs = Math.max(this.#evenUntilMs, nowMs) + PACE_MS;
      const waitMs = evenUntilMs - BURST * PACE_MS - nowMs;
      if (waitMs > 0) {
        this.#cancelNext = this.#clock.after(waitMs, () => this.#sendWhatMay());
        return;
      }
      this.#evenUntilMs = evenUntilMs;
      this.#waiting.shift();
      this.#write(next);
    }
  }
}
