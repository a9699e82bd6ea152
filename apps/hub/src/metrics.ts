/**
 * Counters, gauges and one histogram in the Prometheus text format 0.0.4.
 * Source: https://prometheus.io/docs/instrumenting/exposition_formats/
 * Label values come from our own tables, never from a stranger, so the number of series is bounded.
 */
export type Labels = Readonly<Record<string, string>>;

export interface Counter {
  add(labels?: Labels, by?: number): void;
}

export interface Histogram {
  observe(value: number): void;
}

export interface Metrics {
  counter(name: string, help: string): Counter;
  gauge(name: string, help: string, read: () => number): void;
  histogram(name: string, help: string, bucketsUpTo: readonly number[]): Histogram;
  text(): string;
}

export function createMetrics(): Metrics {
  const families: (() => readonly string[])[] = [];
  const head = (name: string, help: string, type: string): readonly string[] => [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
  ];
  return {
    counter(name, help) {
      const values = new Map<string, number>();
      families.push(() => [
        ...head(name, help, "counter"),
        ...(values.size === 0
          ? [`${name} 0`]
          : Array.from(values, ([labels, value]) => `${name}${labels} ${value}`)),
      ]);
      return {
        add(labels = {}, by = 1) {
          const key = labelText(labels);
          values.set(key, (values.get(key) ?? 0) + by);
        },
      };
    },
    gauge(name, help, read) {
      families.push(() => [...head(name, help, "gauge"), `${name} ${read()}`]);
    },
    histogram(name, help, bucketsUpTo) {
      const counts = bucketsUpTo.map(() => 0);
      let count = 0;
      let sum = 0;
      families.push(() => [
        ...head(name, help, "histogram"),
        ...bucketsUpTo.map((upTo, index) => `${name}_bucket{le="${upTo}"} ${counts[index] ?? 0}`),
        `${name}_bucket{le="+Inf"} ${count}`,
        `${name}_sum ${sum}`,
        `${name}_count ${count}`,
      ]);
      return {
        observe(value) {
          count += 1;
          sum += value;
          bucketsUpTo.forEach((upTo, index) => {
            if (value <= upTo) counts[index] = (counts[index] ?? 0) + 1;
          });
        },
      };
    },
    text: () => `${families.flatMap((lines) => lines()).join("\n")}\n`,
  };
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(
    ([name, value]) =>
      `${name}="${value.replace(/[\\"\n]/g, (found) => (found === "\n" ? "\\n" : `\\${found}`))}"`,
  );
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}
