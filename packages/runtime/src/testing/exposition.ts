/**
 * A strict reader of Prometheus' text format, for tests: stricter than Prometheus, which forgives what one should not
 * send. Throws with the line that is wrong. Its rules beside the grammar:
 *   - each family is HELP, TYPE and its samples, in this order, in one piece, once;
 *   - no series occurs twice; counters are finite and not negative, and end in `_total`;
 *   - the buckets of a histogram ascend, do not fall, and end with `+Inf`, which is the count.
 * Source: https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
export interface ReadSample {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
}

export interface ReadFamily {
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly help: string;
  readonly samples: readonly ReadSample[];
}

const HELP = /^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (\S.*)$/;
const TYPE = /^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram)$/;
const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/y;
const NUMBER = /^(?:[-+]?(?:\d+(?:\.\d+)?(?:e[-+]?\d+)?|Inf)|NaN)$/;

export function readExposition(text: string): ReadonlyMap<string, ReadFamily> {
  if (!text.endsWith("\n")) throw new Error("the last line does not end");
  const page = new Page();
  for (const [index, line] of text.slice(0, -1).split("\n").entries()) {
    const wrong = page.take(line);
    if (wrong !== undefined) throw new Error(`line ${index + 1}: ${wrong}: ${line}`);
  }
  for (const family of page.families.values()) checkFamily(family);
  return page.families;
}

/** What was read so far. */
class Page {
  readonly families = new Map<string, ReadFamily>();
  #samples: ReadSample[] | undefined;
  #current: ReadFamily | undefined;
  /** A HELP whose TYPE comes next. */
  #help: readonly [name: string, help: string] | undefined;

  /** What is wrong with the line, if something is. */
  take(line: string): string | undefined {
    const [, helped, help] = HELP.exec(line) ?? [];
    if (helped !== undefined && help !== undefined) {
      this.#help = [helped, help];
      return undefined;
    }
    const [, name, type] = TYPE.exec(line) ?? [];
    return name === undefined ? this.#takeSample(line) : this.#begin(name, type as ReadFamily["type"]);
  }

  #begin(name: string, type: ReadFamily["type"]): string | undefined {
    if (this.#help?.[0] !== name) return "its HELP is not right before it";
    if (this.families.has(name)) return "this family was there before";
    this.#samples = [];
    this.#current = { name, type, help: this.#help[1], samples: this.#samples };
    this.#help = undefined;
    this.families.set(name, this.#current);
    return undefined;
  }

  #takeSample(line: string): string | undefined {
    const sample = readSample(line);
    if (typeof sample === "string") return sample;
    if (this.#help !== undefined || this.#current === undefined) return "a sample without a TYPE before it";
    if (!belongs(sample.name, this.#current)) return `a sample among those of ${this.#current.name}`;
    this.#samples?.push(sample);
    return undefined;
  }
}

function readSample(line: string): ReadSample | string {
  const [, name, labelText = "", valueText = ""] = SAMPLE.exec(line) ?? [];
  if (name === undefined) return "neither HELP, TYPE nor a sample";
  if (!NUMBER.test(valueText)) return "the value is no number";
  const labels = new Map<string, string>();
  LABEL.lastIndex = 0;
  let at = 0;
  while (at < labelText.length) {
    const [all, label, value] = LABEL.exec(labelText) ?? [];
    if (all === undefined || label === undefined || value === undefined) return "the labels cannot be read";
    if (labels.has(label)) return `the label ${label} twice`;
    labels.set(label, unescaped(value));
    at += all.length;
  }
  if (labelText.endsWith(",")) return "a comma after the last label";
  return { name, labels, value: Number(valueText.replace("Inf", "Infinity")) };
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(.)/g, (_, escaped: string) => (escaped === "n" ? "\n" : escaped));
}

function belongs(sampleName: string, { name, type }: ReadFamily): boolean {
  if (type !== "histogram") return sampleName === name;
  return [`${name}_bucket`, `${name}_sum`, `${name}_count`].includes(sampleName);
}

function checkFamily({ name, type, samples }: ReadFamily): void {
  const series = samples.map((sample) => JSON.stringify([sample.name, [...sample.labels].toSorted()]));
  if (new Set(series).size < series.length) throw new Error(`${name}: a series occurs twice`);
  const wrongCounter = (value: number) => !Number.isFinite(value) || value < 0;
  if (type === "counter" && (!name.endsWith("_total") || samples.some(({ value }) => wrongCounter(value))))
    throw new Error(`${name} is no proper counter`);
  if (type !== "histogram") return;
  const others = ({ labels }: ReadSample) =>
    JSON.stringify([...labels].filter(([label]) => label !== "le").toSorted());
  for (const group of Map.groupBy(samples, others).values()) checkHistogram(name, group);
}

function checkHistogram(name: string, samples: readonly ReadSample[]): void {
  const valuesOf = (part: string) =>
    samples.filter((sample) => sample.name === `${name}_${part}`).map(({ value }) => value);
  const buckets = samples.filter((sample) => sample.name === `${name}_bucket`);
  const bounds = buckets.map(({ labels }) => Number(labels.get("le")?.replace("Inf", "Infinity")));
  const counts = valuesOf("bucket");
  const ascends = bounds.every((bound, index) => bound > (bounds[index - 1] ?? Number.NEGATIVE_INFINITY));
  const accumulates = counts.every((count, index) => count >= (counts[index - 1] ?? 0));
  const [total, ...otherTotals] = valuesOf("count");
  if (!ascends || !accumulates || bounds.at(-1) !== Number.POSITIVE_INFINITY)
    throw new Error(`${name}: the buckets are not in order`);
  if (counts.at(-1) !== total || otherTotals.length > 0 || valuesOf("sum").length !== 1)
    throw new Error(`${name}: sum and count do not fit the buckets`);
}
