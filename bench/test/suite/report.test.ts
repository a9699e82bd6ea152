import { expect, it } from "vitest";
import { figuresOf } from "../../src/suite/report.ts";

it("says of what was not measured that it does not hold", () => {
  const text = figuresOf({
    title: "Growth",
    how: "",
    tables: [],
    wanted: [
      { what: "holds", measured: 0.5, atMost: 0.5 },
      { what: "misses", measured: 0.51, atMost: 0.5 },
      { what: "failed", measured: undefined, atMost: 1.1, unit: "th power" },
    ],
  });
  expect(text.split("\n").slice(2)).toEqual([
    "| Growth | holds | 0.5 × | 0.5 × | yes |",
    "| Growth | misses | 0.5 × | 0.51 × | **no** |",
    "| Growth | failed | 1.1 th power | – | **no** |",
  ]);
});

it("sets figures to the right and words to the left", () => {
  const table = {
    caption: "By size",
    head: ["size", "who", "µs", "spread"],
    rows: [
      ["1", "ours", "0.5", "–"],
      ["10", "theirs", "–", "3.1 (2.9–3.4)"],
    ],
  };
  const text = figuresOf({ title: "", how: "", tables: [table], wanted: [] });
  expect(text).toContain("**By size**\n\n| size | who | µs | spread |\n| --- | --- | --: | --: |\n| 1 |");
});
