import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { same } from "../../src/guild/shapes.ts";

/** As it comes back from the store: no object without a prototype, which the generators make as well, and no -0. */
const stored = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const plain = fc.jsonValue({ maxDepth: 3 }).map(stored);

describe("plain data", () => {
  it("is the same as a copy of itself", () => {
    fc.assert(fc.property(plain, (value) => same(value, structuredClone(value))));
  });

  it("is the same as other data exactly when every value in it is", () => {
    fc.assert(fc.property(plain, plain, (a, b) => same(a, b) === isDeepStrictEqual(a, b)));
    const [one, other] = [fc.oneof(fc.constant(null), fc.boolean(), fc.nat(2)), fc.constantFrom("a", "b")];
    const small = fc
      .oneof(one, fc.array(one, { maxLength: 2 }), fc.dictionary(other, one, { maxKeys: 2 }))
      .map(stored);
    fc.assert(fc.property(small, small, (a, b) => same(a, b) === isDeepStrictEqual(a, b)));
  });

  it.each([
    [{ approx: true }, {}],
    [{}, { approx: true }],
    [
      { a: 1, b: 2 },
      { a: 1, c: 2 },
    ],
    [{}, JSON.parse('{"__proto__":{}}')],
    [{}, { toString: 1 }],
    [[], {}],
    [null, {}],
    [undefined, { id: "1" }],
    [[1, 2], [1]],
  ])("tells %j from %j", (a, b) => {
    expect(same(a, b)).toBe(false);
  });
});
