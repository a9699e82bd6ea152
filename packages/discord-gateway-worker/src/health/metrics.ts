/**
 * Counters, gauges and histograms in Prometheus' text format. Counting is an addition to a number that whoever counts
 * holds on to; labels are rendered once, and the text is made only when somebody asks.
 * Source: https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
export class Counter {
  value = 0;

  add(by = 1): void {
    this.value += by;
  }
}

/** Series of one family; a further one is counted under `other`, so that strange names cannot fill the memory. */
const SERIES_MAX = 128;

export class CounterFamily {
  readonly #labelNames: readonly string[];
  readonly #series = new Map<string, Counter>();
  /** Of a family with one label, so that to find a counter again makes no text. */
  readonly #byValue = new Map<string, Counter>();

  constructor(labelNames: readonly string[]) {
    this.#labelNames = labelNames;
    if (labelNames.length === 0) this.#series.set("", new Counter());
  }

  /** The counter of these values, in the order of the names; the same object each time. */
  at(...values: readonly string[]): Counter {
    const [value] = values;
    if (values.length !== 1 || value === undefined) return this.#find(values);
    const known = this.#byValue.get(value);
    if (known !== undefined) return known;
    const counter = this.#find(values);
    if (this.#byValue.size < SERIES_MAX) this.#byValue.set(value, counter);
    return counter;
  }

  #find(values: readonly string[]): Counter {
    const labels = renderLabels(this.#labelNames.map((name, index) => [name, values[index] ?? ""]));
    const known = this.#series.get(labels);
    if (known !== undefined) return known;
    if (this.#series.size >= SERIES_MAX && values.some((value) => value !== "other"))
      return this.#find(values.map(() => "other"));
    const counter = new Counter();
    this.#series.set(labels, counter);
    return counter;
  }

  lines(name: string): string {
    return [...this.#series].map(([labels, { value }]) => `${name}${labels} ${value}\n`).join("");
  }
}

export class Histogram {
  readonly #bounds: readonly number[];
  readonly #counts: Float64Array;
  #sum = 0;
  #count = 0;

  /** `bounds` ascend. */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = new Float64Array(bounds.length);
  }

  observe(value: number): void {
    this.#sum += value;
    this.#count += 1;
    const bucket = this.#bounds.findIndex((bound) => value <= bound);
    if (bucket !== -1) this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
  }

  lines(name: string): string {
    let below = 0;
    const buckets = this.#bounds.map((bound, index) => {
      below += this.#counts[index] ?? 0;
      return `${name}_bucket{le="${bound}"} ${below}\n`;
    });
    return `${buckets.join("")}${name}_bucket{le="+Inf"} ${this.#count}\n${name}_sum ${this.#sum}\n${name}_count ${this.#count}\n`;
  }
}

/** Values of this moment, with their labels; nothing for what is not known. */
export type Reading = readonly (readonly [
  labels: Readonly<Record<string, string>>,
  value: number | null | undefined,
])[];

type Kind = "counter" | "gauge" | "histogram";

interface Family {
  readonly help: string;
  readonly type: Kind;
  readonly lines: (name: string) => string;
}

export class Metrics {
  readonly #families = new Map<string, Family>();

  counter(name: string, help: string, ...labelNames: readonly string[]): CounterFamily {
    const family = new CounterFamily(labelNames);
    this.#add(name, help, "counter", (each) => family.lines(each));
    return family;
  }

  histogram(name: string, help: string, bounds: readonly number[]): Histogram {
    const histogram = new Histogram(bounds);
    this.#add(name, help, "histogram", (each) => histogram.lines(each));
    return histogram;
  }

  /** Read when somebody asks; `counter` for what is counted elsewhere. */
  read(name: string, help: string, type: "gauge" | "counter", read: () => Reading): void {
    this.#add(name, help, type, (each) =>
      read()
        .filter(([, value]) => value !== null && value !== undefined)
        .map(([labels, value]) => `${each}${renderLabels(Object.entries(labels))} ${value}\n`)
        .join(""),
    );
  }

  render(): string {
    return [...this.#families]
      .map(
        ([name, { help, type, lines }]) => `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines(name)}`,
      )
      .join("");
  }

  #add(name: string, help: string, type: Kind, lines: Family["lines"]): void {
    if (this.#families.has(name)) throw new Error(`invariant broken: two families are called ${name}`);
    this.#families.set(name, { help, type, lines });
  }
}

function renderLabels(labels: readonly (readonly [name: string, value: string])[]): string {
  const pairs = labels.map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function escapeLabel(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
