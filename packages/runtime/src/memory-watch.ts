export interface MemoryFacts {
  readonly residentBytes: number;
  readonly heapBytes: number;
  /** What the container may have; `null` where nothing bounds it. */
  readonly limitBytes: number | null;
}

/** When to say that memory runs short: above nine tenths of the limit, and again only after it was below eight. */
const HIGH = 0.9;
const LOW = 0.8;

export class MemoryWatch {
  #high = false;

  /** `true` when it has just become short. `limitBytes`: `null` where nothing bounds it. */
  note(residentBytes: number, limitBytes: number | null): boolean {
    if (limitBytes === null) return false;
    if (this.#high) {
      this.#high = residentBytes > limitBytes * LOW;
      return false;
    }
    this.#high = residentBytes > limitBytes * HIGH;
    return this.#high;
  }
}

/** What the container may have; Node answers 0 or more than there can be where nothing bounds it. */
export function memoryLimitBytes(constrained: number): number | null {
  return constrained > 0 && constrained < 2 ** 50 ? constrained : null;
}

export function memoryFacts(): MemoryFacts {
  const { rss, heapUsed } = process.memoryUsage();
  const limitBytes = memoryLimitBytes(process.constrainedMemory());
  return { residentBytes: rss, heapBytes: heapUsed, limitBytes };
}
