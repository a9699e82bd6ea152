import { describe, expect, it } from "vitest";
import { CounterFamily, Histogram, Metrics } from "../../src/health/metrics.ts";

describe("metrics", () => {
  it("are rendered with help, type, labels and values", () => {
    const metrics = new Metrics();
    const losses = metrics.counter("losses_total", "Connections lost.", "cause");
    losses.at("zombie").add();
    losses.at("zombie").add(2);
    losses.at('a"b\\c\nd').add();
    metrics.read("up", "Whether it is.", "gauge", () => [[{}, 1]]);
    metrics.read("age", "Not known.", "gauge", () => [[{}, null]]);
    expect(metrics.render()).toBe(
      [
        "# HELP losses_total Connections lost.",
        "# TYPE losses_total counter",
        'losses_total{cause="zombie"} 3',
        'losses_total{cause="a\\"b\\\\c\\nd"} 1',
        "# HELP up Whether it is.",
        "# TYPE up gauge",
        "up 1",
        "# HELP age Not known.",
        "# TYPE age gauge",
        "",
      ].join("\n"),
    );
  });

  it("without labels count from 0", () => {
    const metrics = new Metrics();
    metrics.counter("gaps_total", "Gaps.");
    expect(metrics.render()).toContain("\ngaps_total 0\n");
  });

  it("have each name once", () => {
    const metrics = new Metrics();
    metrics.counter("a_total", "A.");
    expect(() => metrics.counter("a_total", "A.")).toThrow(/a_total/);
  });
});

describe("a family of counters", () => {
  it("hands out the same counter for the same values", () => {
    const family = new CounterFamily(["type", "fate"]);
    expect(family.at("A", "mapped")).toBe(family.at("A", "mapped"));
    expect(family.at("A", "mapped")).not.toBe(family.at("A", "ignored"));
  });

  it("counts strangers together once it is full", () => {
    const family = new CounterFamily(["type"]);
    for (let index = 0; index < 500; index += 1) family.at(`T${index}`).add();
    const lines = family.lines("x").trim().split("\n");
    expect(lines).toHaveLength(129);
    expect(lines.at(-1)).toBe('x{type="other"} 372');
  });
});

describe("a histogram", () => {
  it("counts what is at or below each bound", () => {
    const histogram = new Histogram([0.1, 1]);
    for (const value of [0.05, 0.1, 0.5, 7]) histogram.observe(value);
    expect(histogram.lines("s").split("\n").slice(0, 5)).toEqual([
      's_bucket{le="0.1"} 2',
      's_bucket{le="1"} 3',
      's_bucket{le="+Inf"} 4',
      "s_sum 7.65",
      "s_count 4",
    ]);
  });
});
