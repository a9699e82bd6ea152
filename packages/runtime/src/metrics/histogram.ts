import { renderNumber, renderSample } from "./label.ts";

export class Histogram {
  readonly #bounds: readonly number[];
  /** Of each bucket by itself; the text adds them up. The last one is beyond all bounds. */
  readonly #counts: Float64Array;
  #sum = 0;

  /** `bounds` ascend and are finite. */
  constructor(bounds: readonly number[]) {
    if (bounds.some((bound, index) => !(bound > (bounds[index - 1] ?? Number.NEGATIVE_INFINITY))))
      throw new Error("invariant broken: the bounds of a histogram ascend");
    this.#bounds = bounds;
    this.#counts = new Float64Array(bounds.length + 1);
  }

  observe(value: number): void {
    const bounds = this.#bounds;
    let bucket = 0;
    // A loop, not `findIndex`: half the cost, and it runs for every delivery.
    while (bucket < bounds.length && value > (bounds[bucket] ?? 0)) bucket += 1;
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#sum += value;
  }

  /** `labels` of all its series, with their values. */
  render(name: string, labels: readonly string[] = [], values: readonly string[] = []): string {
    let below = 0;
    const buckets = [...this.#bounds, Number.POSITIVE_INFINITY].map((bound, index) => {
      below += this.#counts[index] ?? 0;
      return renderSample(`${name}_bucket`, [...labels, "le"], [[...values, renderNumber(bound)], below]);
    });
    return [
      ...buckets,
      renderSample(`${name}_sum`, labels, [values, this.#sum]),
      renderSample(`${name}_count`, labels, [values, below]),
    ].join("");
  }
}

/** Histograms of one name, one for each value of a label. The caller bounds how many values there are. */
export class HistogramFamily {
  readonly #bounds: readonly number[];
  readonly #label: string;
  readonly #histograms = new Map<string, Histogram>();

  constructor(bounds: readonly number[], label: string) {
    this.#bounds = bounds;
    this.#label = label;
  }

  /** The histogram of this value; the same object each time. */
  at(value: string): Histogram {
    let histogram = this.#histograms.get(value);
    if (histogram === undefined) {
      histogram = new Histogram(this.#bounds);
      this.#histograms.set(value, histogram);
    }
    return histogram;
  }

  render(name: string): string {
    return Array.from(this.#histograms, ([value, histogram]) =>
      histogram.render(name, [this.#label], [value]),
    ).join("");
  }
}
