import { expect, it } from "vitest";
import { createMetrics } from "../src/metrics.ts";

it("writes counters, gauges and histograms in the Prometheus text format", () => {
  const metrics = createMetrics();
  const counter = metrics.counter("c_total", "Counts.");
  metrics.gauge("g", "Gauges.", () => 7);
  const histogram = metrics.histogram("h_seconds", "Spreads.", [0.1, 1]);
  counter.add({ kind: 'a"b\\c\nd' });
  counter.add({ kind: "x" }, 2);
  counter.add({ kind: "x" });
  for (const value of [0.05, 0.5, 5]) histogram.observe(value);
  expect(metrics.text()).toBe(`# HELP c_total Counts.
# TYPE c_total counter
c_total{kind="a\\"b\\\\c\\nd"} 1
c_total{kind="x"} 3
# HELP g Gauges.
# TYPE g gauge
g 7
# HELP h_seconds Spreads.
# TYPE h_seconds histogram
h_seconds_bucket{le="0.1"} 1
h_seconds_bucket{le="1"} 2
h_seconds_bucket{le="+Inf"} 3
h_seconds_sum 5.55
h_seconds_count 3
`);
});

it("shows a counter that never counted as 0", () => {
  const metrics = createMetrics();
  metrics.counter("c_total", "Counts.");
  expect(metrics.text()).toContain("\nc_total 0\n");
});
