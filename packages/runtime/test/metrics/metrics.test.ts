import { describe, expect, it } from "vitest";
import { Metrics } from "../../src/metrics/metrics.ts";
import { readExposition } from "../../src/testing/exposition.ts";

describe("metrics", () => {
  it("are rendered with help, type, labels and values", () => {
    const metrics = new Metrics();
    const losses = metrics.counter("losses_total", "Connections lost.", "cause");
    losses.at("zombie").add();
    losses.at("zombie").add(2);
    losses.at('a"b\\c\nd').add();
    metrics.gauge("up", "Whether it is.", () => 1);
    metrics.gauge("age_seconds", "Not known.", () => null);
    metrics.series({ name: "sources", type: "gauge", help: "By status.", labels: ["status", "kind"] }, () => [
      [["live", "a"], 2],
      [["stale", "b"], Number.NEGATIVE_INFINITY],
    ]);
    expect(metrics.render()).toBe(
      [
        "# HELP losses_total Connections lost.",
        "# TYPE losses_total counter",
        'losses_total{cause="zombie"} 3',
        'losses_total{cause="a\\"b\\\\c\\nd"} 1',
        "# HELP up Whether it is.",
        "# TYPE up gauge",
        "up 1",
        "# HELP age_seconds Not known.",
        "# TYPE age_seconds gauge",
        "# HELP sources By status.",
        "# TYPE sources gauge",
        'sources{status="live",kind="a"} 2',
        'sources{status="stale",kind="b"} -Inf',
        "",
      ].join("\n"),
    );
  });

  it("without labels count from 0, and so do values that are expected", () => {
    const metrics = new Metrics();
    metrics.counter("gaps_total", "Gaps.");
    metrics.counter("losses_total", "Losses.", "cause").expect(["zombie", "closed"]);
    expect(metrics.render()).toContain("\ngaps_total 0\n");
    expect(metrics.render()).toContain('\nlosses_total{cause="zombie"} 0\nlosses_total{cause="closed"} 0\n');
  });

  it("say what they are", () => {
    const metrics = new Metrics();
    metrics.counter("a_total", "A.", "kind", "fate");
    metrics.histogram("b_seconds", "B.", [1]);
    metrics.counter("c_total", "C.", "cause").expect(["zombie"]);
    expect(metrics.descriptions()).toEqual([
      { name: "a_total", type: "counter", help: "A.", labels: ["kind", "fate"] },
      { name: "b_seconds", type: "histogram", help: "B.", labels: [] },
      { name: "c_total", type: "counter", help: "C.", labels: ["cause"], expected: ["zombie"] },
    ]);
  });

  it("have each name once, and no name that means something else", () => {
    const metrics = new Metrics();
    metrics.counter("a_total", "A.");
    expect(() => metrics.counter("a_total", "A.")).toThrow(/a_total/);
    expect(() => metrics.counter("a", "A.")).toThrow(/no name for a counter/);
    expect(() => metrics.gauge("b_total", "B.", () => 1)).toThrow(/no name for a gauge/);
    expect(() => metrics.histogram("b_count", "B.", [1])).toThrow(/no name for a histogram/);
    expect(() => metrics.gauge("b-c", "B.", () => 1)).toThrow(/no name/);
    expect(() => metrics.gauge("b", "B.\nC.", () => 1)).toThrow(/one plain line/);
    expect(() => metrics.counter("c_total", "C.", "le")).toThrow(/impossible name/);
  });
});

describe("a family of counters", () => {
  it("hands out the same counter for the same values", () => {
    const family = new Metrics().counter("x_total", "X.", "type", "fate");
    expect(family.at("A", "mapped")).toBe(family.at("A", "mapped"));
    expect(family.at("A", "mapped")).not.toBe(family.at("A", "ignored"));
  });

  it("counts strangers together once it is full, and nothing twice", () => {
    const metrics = new Metrics();
    const family = metrics.counter("x_total", "X.", "type");
    for (let index = 0; index < 500; index += 1) family.at(`T${index}`).add();
    const samples = readExposition(metrics.render()).get("x_total")?.samples ?? [];
    expect(samples).toHaveLength(129);
    expect(samples.at(-1)).toMatchObject({ value: 372 });
    expect(samples.at(-1)?.labels).toEqual(new Map([["type", "other"]]));
  });

  it("refuses another number of values than it has labels", () => {
    const family = new Metrics().counter("x_total", "X.", "type");
    expect(() => family.at("a", "b")).toThrow(/invariant/);
    expect(() => family.at()).toThrow(/invariant/);
  });
});

describe("a histogram", () => {
  it("counts what is at or below each bound", () => {
    const metrics = new Metrics();
    const histogram = metrics.histogram("s_seconds", "S.", [0.1, 1]);
    for (const value of [0.05, 0.1, 0.5, 7]) histogram.observe(value);
    expect(metrics.render().split("\n").slice(2, -1)).toEqual([
      's_seconds_bucket{le="0.1"} 2',
      's_seconds_bucket{le="1"} 3',
      's_seconds_bucket{le="+Inf"} 4',
      "s_seconds_sum 7.65",
      "s_seconds_count 4",
    ]);
  });

  it("wants bounds that ascend", () => {
    expect(() => new Metrics().histogram("s_seconds", "S.", [1, 1])).toThrow(/ascend/);
    expect(() => new Metrics().histogram("s_seconds", "S.", [Number.NaN])).toThrow(/ascend/);
  });
});
