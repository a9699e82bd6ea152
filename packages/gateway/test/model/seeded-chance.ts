/**
 * Chance that a seed repeats. A `fork` has numbers of its own, so that drawing more in one place (or leaving a fault
 * out) shifts nothing elsewhere: that is what lets a failing run be made smaller.
 */
export class Chance {
  readonly #name: string;
  #state: number;

  constructor(name: string) {
    this.#name = name;
    this.#state = hash(name);
  }

  fork(purpose: string | number): Chance {
    return new Chance(`${this.#name}/${purpose}`);
  }

  /** In [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x9e37_79b9) >>> 0;
    return mix(this.#state) / 0x1_0000_0000;
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
    return choices[this.below(choices.length)];
  }
}

function hash(text: string): number {
  let value = 0x811c_9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x0100_0193) >>> 0;
  }
  return mix(value);
}

function mix(value: number): number {
  let mixed = value;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85eb_ca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
