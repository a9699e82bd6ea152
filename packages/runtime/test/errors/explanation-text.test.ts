import { expect, it } from "vitest";
import { explanationOf } from "../../src/errors/index.ts";

it("an error code is explained: it says what to do, in lines that fit", () => {
  const text = explanationOf("e014") ?? "";
  expect(text).toContain("E014 signature refused by the hub");
  expect(text).toContain("HUB_SECRET");
  expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100);
  expect(explanationOf("E999")).toBeUndefined();
});
