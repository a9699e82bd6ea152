import { namedRandom, pick, type Random } from "./random.ts";

/**
 * Draws that a name repeats. A `fork` has numbers of its own, so that drawing more in one place, or leaving something
 * out, shifts nothing elsewhere: that is what lets a failing run be made smaller.
 */
export class Chance {
  readonly #name: string;
  /** In [0, 1). */
  readonly next: Random;

  constructor(name: string) {
    this.#name = name;
    this.next = namedRandom(name);
  }

  fork(purpose: string | number): Chance {
    return new Chance(`${this.#name}/${purpose}`);
  }

  below(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  odds(share: number): boolean {
    return this.next() < share;
  }

  pick<T>(choices: readonly [T, ...T[]]): T;
  pick<T>(choices: readonly T[]): T | undefined;
  pick<T>(choices: readonly T[]): T | undefined {
    return pick(this.next, choices);
  }
}
