export { type Counter, CounterFamily } from "./counter.ts";
export type { Histogram } from "./histogram.ts";
export type { Sample } from "./label.ts";
export { EXPOSITION_CONTENT_TYPE, type MetricDescription, Metrics } from "./metrics.ts";
export { type BuildFacts, publishProcess } from "./process-metrics.ts";
