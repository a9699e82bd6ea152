import { expect, it } from "vitest";
import { elapsedText } from "../../src/shell/elapsed-text.ts";

const MINUTE_MS = 60_000;

it.each([
  [-5_000, "now"],
  [59_999, "now"],
  [MINUTE_MS, "1 min"],
  [59 * MINUTE_MS, "59 min"],
  [65 * MINUTE_MS, "1 h 05"],
  [47 * 60 * MINUTE_MS, "47 h 00"],
  [50 * 60 * MINUTE_MS, "2 d"],
])("says %i ms as %s", (elapsedMs, text) => {
  expect(elapsedText(elapsedMs)).toBe(text);
});
