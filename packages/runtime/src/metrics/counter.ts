/** Counting is an addition to a number that whoever counts may hold on to. */
import type { Sample } from "./label.ts";

export class Counter {
  value = 0;

  add(by = 1): void {
    this.value += by;
  }
}

/** Series of one family; a further one is counted under `other`, so that strange names cannot fill the memory. */
export const SERIES_MAX = 128;
const OTHER = "other";

interface Series {
  readonly values: readonly string[];
  readonly counter: Counter;
}

export class CounterFamily {
  readonly #labels: number;
  readonly #series = new Map<string, Series>();

  constructor(labels: number) {
    this.#labels = labels;
    if (labels === 0) this.#series.set("", { values: [], counter: new Counter() });
  }

  /** The counter of these values, in the order of the labels; the same object each time. */
  at(...values: readonly string[]): Counter {
    // With one label, which is nearly always, no text is made to find the counter again.
    const key = values.length === 1 ? (values[0] ?? "") : values.join("\0");
    return this.#series.get(key)?.counter ?? this.#begin(key, values);
  }

  /**
   * Of a family with one label: these series exist from now on, with 0. A series that appears with its first event has
   * no increase, and an alert on it misses just that event.
   */
  expect(values: readonly string[]): this {
    for (const value of values) this.at(value);
    return this;
  }

  *samples(): Generator<Sample> {
    for (const { values, counter } of this.#series.values()) yield [values, counter.value];
  }

  #begin(key: string, values: readonly string[]): Counter {
    if (values.length !== this.#labels) throw new Error(`invariant broken: ${this.#labels} label values`);
    if (this.#series.size >= SERIES_MAX && values.some((value) => value !== OTHER))
      return this.at(...values.map(() => OTHER));
    const counter = new Counter();
    this.#series.set(key, { values, counter });
    return counter;
  }
}
