/**
 * Sweeps up, once, what the start left behind. Loading and compiling make a fifth of the heap into what is never used
 * again, and a worker of one small server comes so seldom to a collection of its own that it would lie there for hours.
 */
import { type EventLoopUtilization, eventLoopUtilization } from "node:perf_hooks";
import type { Clock } from "@guildwire/gateway";
import { collectAll } from "./heap.ts";

/** Nobody waits for a worker that had nothing to do for so long. */
export const QUIET_MS = 1_000;
/** The share of that time in which it may have done something. */
const QUIET_UTILIZATION_MAX = 0.2;

export interface StartUpSweepOptions {
  readonly clock: Clock;
  /** The event loop's, since `before` where it is given. */
  readonly utilization?: (before?: EventLoopUtilization) => EventLoopUtilization;
  readonly sweep?: () => void;
}

export class StartUpSweep {
  readonly #clock: Clock;
  readonly #utilization: NonNullable<StartUpSweepOptions["utilization"]>;
  readonly #sweep: () => void;
  #cancel: (() => void) | undefined;

  constructor({ clock, utilization = eventLoopUtilization, sweep = collectAll }: StartUpSweepOptions) {
    this.#clock = clock;
    this.#utilization = utilization;
    this.#sweep = sweep;
  }

  /** Something was delivered: everything that the worker needs has run once. */
  delivered(): void {
    if (this.#cancel === undefined) this.#await();
  }

  /** For good: what is delivered later sweeps nothing. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = () => undefined;
  }

  #await(): void {
    const before = this.#utilization();
    this.#cancel = this.#clock.startTimer(QUIET_MS, () => {
      if (this.#utilization(before).utilization > QUIET_UTILIZATION_MAX) this.#await();
      else this.#sweep();
    });
  }
}
