/** Loads and saves what outlives a restart: at most one save a second, one at a time, the latest state. */
import type { Clock } from "@guildwire/runtime";
import type { Remembered } from "../limiter/input.ts";
import { fromStored, type RestMemory, toStored } from "./rest-memory.ts";

const SAVE_EVERY_MS = 1_000;

export class MemoryKeeper {
  readonly #memory: RestMemory;
  readonly #clock: Clock;
  readonly #read: () => Remembered;
  readonly #failed: (cause: unknown) => void;
  #cancel: (() => void) | null = null;
  #saving: Promise<void> = Promise.resolve();

  constructor(
    memory: RestMemory,
    clock: Clock,
    /** What is to be stored, in the machine's times. */
    read: () => Remembered,
    failed: (cause: unknown) => void,
  ) {
    this.#memory = memory;
    this.#clock = clock;
    this.#read = read;
    this.#failed = failed;
  }

  async load(): Promise<Remembered | null> {
    try {
      const stored = await this.#memory.load();
      return stored === null ? null : fromStored(stored, this.#offsetMs(), this.#clock.monotonicMs());
    } catch (error) {
      this.#failed(error);
      return null;
    }
  }

  saveSoon(): void {
    this.#cancel ??= this.#clock.after(SAVE_EVERY_MS, () => {
      this.#cancel = null;
      this.#save();
    });
  }

  /** Saves what has not been saved. */
  async close(): Promise<void> {
    if (this.#cancel !== null) {
      this.#cancel();
      this.#cancel = null;
      this.#save();
    }
    await this.#saving;
  }

  #save(): void {
    const stored = toStored(this.#read(), this.#offsetMs());
    this.#saving = this.#saving.then(() => this.#memory.save(stored)).catch(this.#failed);
  }

  #offsetMs(): number {
    return this.#clock.wallMs() - this.#clock.monotonicMs();
  }
}
