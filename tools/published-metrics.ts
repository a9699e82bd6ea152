/** Whether what a rule or a dashboard asks for is there: names, labels, and values that are known beforehand. */
import { HUB_METRICS, WORKER_METRICS } from "./metrics-tables.ts";
import { type Mention, mentions } from "./promql.ts";

/** Given by Prometheus itself. */
const LABELS_OF_PROMETHEUS = ["job", "instance"];

const published = new Map([...WORKER_METRICS, ...HUB_METRICS].map((metric) => [metric.name, metric]));

/** What an expression mentions and nobody publishes, as lines that say so. */
export function unknownMentions(expression: string): readonly string[] {
  return mentions(expression).flatMap((mention) => problemsOf(mention));
}

function problemsOf({ metric, matchers }: Mention): readonly string[] {
  if (metric === "up") return [];
  const part = /_(bucket|sum|count)$/.exec(metric)?.[0] ?? "";
  const known = published.get(metric) ?? histogram(metric.slice(0, metric.length - part.length));
  if (known === undefined) return [`nobody publishes ${metric}`];
  if (known.type === "histogram" && part === "") return [`${metric} is a histogram`];
  const labels = [...LABELS_OF_PROMETHEUS, ...known.labels, ...(part === "_bucket" ? ["le"] : [])];
  return matchers.flatMap(([label, operator, value]) => {
    if (!labels.includes(label)) return [`${metric} has no label ${label}`];
    const { expected } = known;
    if (expected === undefined || !known.labels.includes(label)) return [];
    const values = operator.includes("~") ? value.split("|") : [value];
    return values
      .filter((each) => !expected.includes(each))
      .map((each) => `no series of ${metric} has ${label}="${each}" from the start`);
  });
}

function histogram(name: string) {
  const metric = published.get(name);
  return metric?.type === "histogram" ? metric : undefined;
}
