/** Seeded randomness for the simulator and for tests: the same seed gives the same numbers on every platform. */

/** Draws the next number in [0, 1). */
export type Random = () => number;

const UINT32 = 0x1_0000_0000;

/** A generator for each `purpose`, so that drawing more for one never shifts another. */
export function seededRandom(seed: number, purpose: string): Random {
  return randomFrom(hash32(`${seed}/${purpose}`));
}

/** A generator for a name. */
export function namedRandom(name: string): Random {
  return randomFrom(mix32(hash32(name)));
}

function randomFrom(start: number): Random {
  let state = start;
  return () => {
    state = (state + 0x9e37_79b9) >>> 0;
    return mix32(state) / UINT32;
  };
}

/** A fixed number in [0, 1) for a piece of text: someone's temperament, say, which must not need storing. */
export function fractionOf(text: string): number {
  return mix32(hash32(text)) / UINT32;
}

/** 32 hexadecimal digits that look random and depend on `text` alone. */
export function hexOf(text: string): string {
  return [0, 1, 2, 3]
    .map((part) =>
      mix32(hash32(`${part}:${text}`))
        .toString(16)
        .padStart(8, "0"),
    )
    .join("");
}

export function pick<T>(random: Random, choices: readonly T[]): T | undefined {
  return choices[Math.floor(random() * choices.length)];
}

/** Picks in proportion to `weightOf`; a weight of 0 is never picked. `undefined` when nothing has any weight. */
export function pickWeighted<T>(
  random: Random,
  choices: readonly T[],
  weightOf: (choice: T) => number,
): T | undefined {
  const weights = choices.map((choice) => Math.max(0, weightOf(choice)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let left = random() * total;
  for (const [index, weight] of weights.entries()) {
    left -= weight;
    if (weight > 0 && left < 0) return choices[index];
  }
  return undefined;
}

/** A new array in random order. */
export function shuffled<T>(random: Random, items: readonly T[]): readonly T[] {
  return items
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

/** FNV-1a: short, well spread, and the same on every platform. */
function hash32(text: string): number {
  let hash = 0x811c_9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x0100_0193) >>> 0;
  }
  return hash;
}

/** The finalizer of MurmurHash3, which spreads neighbouring states far apart. */
function mix32(value: number): number {
  let mixed = value;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85eb_ca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
