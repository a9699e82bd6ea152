/** The tables of metrics in docs/operating.md, made of what the processes declare. What stands around is by hand. */
import { createHubMetrics } from "../apps/hub/src/hub-metrics.ts";
import { WorkerMetrics } from "../packages/discord-gateway-worker/src/health/worker-metrics.ts";
import type { MetricDescription } from "../packages/runtime/src/metrics/index.ts";
import { table, withGenerated } from "./markdown.ts";

const BUILD = { version: "0.0.0", commit: null };

export const WORKER_METRICS: readonly MetricDescription[] = new WorkerMetrics(BUILD, ["hub"]).descriptions();
export const HUB_METRICS: readonly MetricDescription[] = createHubMetrics(BUILD).descriptions();

const hubNames = new Set(HUB_METRICS.map(({ name }) => name));
const isOfBoth = ({ name }: MetricDescription) =>
  hubNames.has(name) && WORKER_METRICS.some((metric) => metric.name === name);

const TABLES = {
  "worker metrics": WORKER_METRICS.filter((metric) => !isOfBoth(metric)),
  "hub metrics": HUB_METRICS.filter((metric) => !isOfBoth(metric)),
  "process metrics": WORKER_METRICS.filter(isOfBoth),
} as const;

export function withMetricsTables(page: string): string {
  return Object.entries(TABLES).reduce(
    (text, [name, metrics]) => withGenerated(text, name, metricsTable(metrics)),
    page,
  );
}

function metricsTable(metrics: readonly MetricDescription[]): string {
  return table([
    ["metric", "type", "labels", "what it is"],
    ...metrics.map(({ name, type, labels, help }) => [
      `\`${name}\``,
      type,
      labels.map((label) => `\`${label}\``).join(", "),
      help,
    ]),
  ]);
}
