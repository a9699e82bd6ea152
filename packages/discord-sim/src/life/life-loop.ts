import type { Clock } from "../clock.ts";
import type { Random } from "../random.ts";
import type { WorldCommand } from "../world/command.ts";
import type { World } from "../world/world.ts";
import { type LifeAction, nextAction } from "./life.ts";

/**
 * Lets the script of life run by the clock. Events that fell due while the process was busy are made up for, up to
 * `BURST_MAX` at a time; what is further behind is forgotten, because a stand-in need not catch up after a long sleep.
 */
export class LifeLoop {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #eventsPerSecond: number;
  readonly #world: () => World;
  readonly #act: (command: WorldCommand) => void;
  #cancel: (() => void) | undefined;
  #dueAtMs = 0;

  constructor(
    parts: { readonly clock: Clock; readonly random: Random; readonly eventsPerSecond: number },
    world: () => World,
    act: (command: WorldCommand) => void,
  ) {
    this.#clock = parts.clock;
    this.#random = parts.random;
    this.#eventsPerSecond = parts.eventsPerSecond;
    this.#world = world;
    this.#act = act;
  }

  get isRunning(): boolean {
    return this.#cancel !== undefined;
  }

  start(): void {
    if (this.isRunning || this.#eventsPerSecond === 0) return;
    this.#dueAtMs = this.#clock.nowMs();
    this.#await(this.#next());
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #next(): LifeAction | undefined {
    const action = nextAction(this.#world(), this.#random, this.#eventsPerSecond);
    this.#dueAtMs += action?.afterMs ?? NOBODY_THERE_MS;
    return action;
  }

  #await(action: LifeAction | undefined): void {
    const delayMs = Math.max(0, this.#dueAtMs - this.#clock.nowMs());
    this.#cancel = this.#clock.after(delayMs, () => this.#run(action));
  }

  #run(first: LifeAction | undefined): void {
    let action = first;
    for (let burst = 0; burst < BURST_MAX; burst += 1) {
      if (action !== undefined) this.#act(action.command);
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
