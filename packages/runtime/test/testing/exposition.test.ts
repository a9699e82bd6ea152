import { describe, expect, it } from "vitest";
import { readExposition } from "../../src/testing/exposition.ts";

const head = "# HELP a_total A.\n# TYPE a_total counter\n";
const histogram = (...lines: readonly string[]) => `# HELP h H.\n# TYPE h histogram\n${lines.join("\n")}\n`;

describe("the reader of the text format", () => {
  it("reads names, labels with escapes, and values", () => {
    const family = readExposition(`${head}a_total{x="1\\n\\"\\\\",y=""} 2.5e-7\na_total 3\n`).get("a_total");
    expect(family).toMatchObject({ type: "counter", help: "A." });
    expect(family?.samples.map(({ labels, value }) => [Object.fromEntries(labels), value])).toEqual([
      [{ x: '1\n"\\', y: "" }, 2.5e-7],
      [{}, 3],
    ]);
  });

  it.each([
    ["no end of the last line", `${head}a_total 1`],
    ["an empty line", `${head}\n`],
    ["a sample before its family", "a_total 1\n"],
    ["a family without HELP", "# TYPE a_total counter\n"],
    ["a HELP of another", "# HELP b_total B.\n# TYPE a_total counter\n"],
    ["a family twice", head + head],
    ["a sample of another family", `${head}b_total 1\n`],
    ["a series twice", `${head}a_total{x="1",y="2"} 1\na_total{y="2",x="1"} 1\n`],
    ["a label twice", `${head}a_total{x="1",x="2"} 1\n`],
    ["a label without quotes", `${head}a_total{x=1} 1\n`],
    ["a value that is no number", `${head}a_total undefined\n`],
    ["JavaScript's infinity", `# HELP g G.\n# TYPE g gauge\ng Infinity\n`],
    ["a negative counter", `${head}a_total -1\n`],
    ["a counter that is not a number", `${head}a_total NaN\n`],
    ["a counter without _total", "# HELP a A.\n# TYPE a counter\na 1\n"],
    ["buckets that fall", histogram('h_bucket{le="1"} 2', 'h_bucket{le="+Inf"} 1', "h_sum 1", "h_count 1")],
    ["buckets without an end", histogram('h_bucket{le="1"} 1', "h_sum 1", "h_count 1")],
    ["a count beside the buckets", histogram('h_bucket{le="+Inf"} 1', "h_sum 1", "h_count 2")],
    ["a histogram without a sum", histogram('h_bucket{le="+Inf"} 1', "h_count 1")],
  ])("refuses %s", (_, text) => {
    expect(() => readExposition(text)).toThrow();
  });
});
