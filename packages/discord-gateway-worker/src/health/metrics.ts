/**
 * Counters and gauges in Prometheus' text format. Counting costs a Map lookup; rendering happens only when asked.
 * Source: https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
interface Family {
  readonly help: string;
  readonly type: "counter" | "gauge";
  /** Keyed by the rendered labels. */
  readonly series: Map<string, number>;
}

export class Metrics {
  readonly #families = new Map<string, Family>();

  count(name: string, help: string, labels: Readonly<Record<string, string>> = {}, by = 1): void {
    const series = this.#family(name, help, "counter").series;
    const key = renderLabels(labels);
    series.set(key, (series.get(key) ?? 0) + by);
  }

  gauge(name: string, help: string, value: number, labels: Readonly<Record<string, string>> = {}): void {
    this.#family(name, help, "gauge").series.set(renderLabels(labels), value);
  }

  render(): string {
    let text = "";
    for (const [name, { help, type, series }] of this.#families) {
      text += `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
      for (const [labels, value] of series) text += `${name}${labels} ${value}\n`;
    }
    return text;
  }

  #family(name: string, help: string, type: Family["type"]): Family {
    let family = this.#families.get(name);
    if (family === undefined) {
      family = { help, type, series: new Map() };
      this.#families.set(name, family);
    }
    return family;
  }
}

function renderLabels(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function escapeLabel(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
