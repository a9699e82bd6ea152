/** Round numbers for the ends and the lines of an axis: pure. The first and the last of them are the ends. */

/** More would stand in each other's way. */
const TICKS_MAX = 8;

/** From at most `least` to at least `most`, each 1, 2 or 5 times a power of ten, or powers of ten alone. */
export function decadeTicks(least: number, most: number): readonly number[] {
  for (const steps of [[1, 2, 5], [1, 3], [1]] as const) {
    const ticks = ticksOf(steps, least, most);
    if (ticks.length <= TICKS_MAX) return ticks;
  }
  const decades = ticksOf([1], least, most);
  const every = Math.ceil(decades.length / TICKS_MAX);
  return decades.filter((_, index) => index % every === 0 || index === decades.length - 1);
}

function ticksOf(steps: readonly number[], least: number, most: number): readonly number[] {
  const first = Math.floor(Math.log10(least));
  const last = Math.ceil(Math.log10(most)) + 1;
  const all: number[] = [];
  for (let decade = first; decade <= last; decade += 1) {
    for (const step of steps) all.push(Number(`${step}e${decade}`));
  }
  const from = all.findLastIndex((tick) => tick <= least);
  const to = all.findIndex((tick) => tick >= most && tick > (all[from] ?? 0));
  return all.slice(Math.max(0, from), to + 1);
}

/** Evenly from at most `least` to at least `most`. */
export function evenTicks(least: number, most: number): readonly number[] {
  const span = most > least ? most - least : 1;
  const decade = 10 ** Math.floor(Math.log10(span / TICKS_MAX));
  const step = [1, 2, 5, 10].map((factor) => factor * decade).find((size) => span / size < TICKS_MAX - 1);
  const size = step ?? 10 * decade;
  const ticks: number[] = [];
  for (let index = Math.floor(least / size); ; index += 1) {
    // By multiplication, so that errors do not add up.
    ticks.push(Number((index * size).toPrecision(12)));
    if (index * size >= least + span) return ticks;
  }
}
