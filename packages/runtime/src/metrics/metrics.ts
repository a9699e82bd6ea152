/**
 * All that one process publishes, in Prometheus' text format 0.0.4. Rules of this file:
 *   - a name is taken once, and says its unit; a counter ends in `_total`, and nothing else does;
 *   - the text is made only when somebody asks, and what is known elsewhere is read then;
 *   - every family says what it is and which labels it has, so that documents and dashboards can be held against it.
 * Sources: https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format,
 * https://prometheus.io/docs/practices/naming/
 */
import { CounterFamily } from "./counter.ts";
import { Histogram, HistogramFamily } from "./histogram.ts";
import { LABEL_NAME, METRIC_NAME, renderSample, type Sample } from "./label.ts";

export interface MetricDescription {
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram";
  /** One sentence on one line. */
  readonly help: string;
  readonly labels: readonly string[];
  /** Values of the first label of a counter for which there is a series from the start. */
  readonly expected?: readonly string[];
}

/** What `GET /metrics` answers with. */
export const EXPOSITION_CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** Names that the parts of a histogram or a counter would have. */
const RESERVED_END = /_(total|count|sum|bucket)$/;

interface Family extends MetricDescription {
  readonly samples: () => string;
}

export class Metrics {
  readonly #families = new Map<string, Family>();
  /** Those with labels. */
  readonly #counters = new Map<string, CounterFamily>();

  counter(name: string, help: string, ...labels: readonly string[]): CounterFamily {
    const family = new CounterFamily(labels.length);
    this.series({ name, type: "counter", help, labels }, () => family.samples());
    if (labels.length > 0) this.#counters.set(name, family);
    return family;
  }

  histogram(name: string, help: string, bounds: readonly number[]): Histogram {
    const histogram = new Histogram(bounds);
    this.#add({ name, type: "histogram", help, labels: [], samples: () => histogram.render(name) });
    return histogram;
  }

  /** A histogram for each value of one label. */
  histograms(name: string, help: string, bounds: readonly number[], label: string): HistogramFamily {
    const family = new HistogramFamily(bounds, label);
    this.#add({ name, type: "histogram", help, labels: [label], samples: () => family.render(name) });
    return family;
  }

  /** One number of this moment; `null` while it is not known. */
  gauge(name: string, help: string, read: () => number | null): void {
    this.#readOne({ name, type: "gauge", help, labels: [] }, read);
  }

  /** What is counted elsewhere and never falls; `null` where it is not known. */
  count(name: string, help: string, read: () => number | null): void {
    this.#readOne({ name, type: "counter", help, labels: [] }, read);
  }

  /** Many numbers of this moment, each with its labels. Whoever reads bounds how many. */
  series(description: MetricDescription, read: () => Iterable<Sample>): void {
    const { name, labels } = description;
    this.#add({
      ...description,
      samples: () => Array.from(read(), (sample) => renderSample(name, labels, sample)).join(""),
    });
  }

  descriptions(): readonly MetricDescription[] {
    return Array.from(this.#families.values(), ({ name, type, help, labels }) => {
      const values = Array.from(this.#counters.get(name)?.samples() ?? [], ([[value = ""]]) => value);
      const expected = [...new Set(values)];
      return { name, type, help, labels, ...(expected.length > 0 && { expected }) };
    });
  }

  render(): string {
    return Array.from(
      this.#families.values(),
      ({ name, help, type, samples }) => `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${samples()}`,
    ).join("");
  }

  #readOne(description: MetricDescription, read: () => number | null): void {
    this.series(description, () => {
      const value = read();
      return value === null ? [] : [[[], value]];
    });
  }

  #add(family: Family): void {
    const { name, type, help, labels } = family;
    const wellNamed =
      METRIC_NAME.test(name) && (type === "counter" ? name.endsWith("_total") : !RESERVED_END.test(name));
    if (!wellNamed) throw new Error(`invariant broken: ${name} is no name for a ${type}`);
    if (this.#families.has(name)) throw new Error(`invariant broken: two families are called ${name}`);
    if (/[\\\n]/.test(help)) throw new Error(`invariant broken: the help of ${name} is one plain line`);
    if (labels.some((label) => !LABEL_NAME.test(label) || label === "le"))
      throw new Error(`invariant broken: ${name} has a label with an impossible name`);
    this.#families.set(name, family);
  }
}
