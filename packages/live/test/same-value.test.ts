import fc from "fast-check";
import { expect, it } from "vitest";
import { sameValue } from "../src/same-value.ts";

it("takes a value and its JSON copy for the same", () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(sameValue(JSON.parse(text), JSON.parse(text))).toBe(true);
    }),
  );
});

it("does not look at the order of fields, and takes `undefined` for absent", () => {
  expect(sameValue({ a: 1, b: { c: 2 } }, { b: { c: 2, d: undefined }, a: 1 })).toBe(true);
});

it.each([
  [{ a: 1 }, { a: 2 }],
  [{ a: 1 }, { a: 1, b: 2 }],
  [{ a: 1, b: 2 }, { a: 1 }],
  [
    [1, 2],
    [2, 1],
  ],
  [[1], { 0: 1 }],
  [[], {}],
  [null, {}],
  [null, undefined],
  [0, "0"],
  [[1], [1, 2]],
])("tells %j and %j apart", (left, right) => {
  expect(sameValue(left, right)).toBe(false);
  expect(sameValue(right, left)).toBe(false);
});
