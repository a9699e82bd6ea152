import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { splitFrames } from "../../src/connection/split-frames.ts";

const split = (texts: readonly string[], count = texts.length) =>
  splitFrames(Buffer.from(texts.join("")), count)?.map(String);

/** Strings that look like the end of one frame and the beginning of the next. */
const trap = fc.array(fc.constantFrom('}{"t":', "}{", '"', "\\", "{", "}", "[", "]", "t", "é"), {
  maxLength: 6,
});
const frame = fc
  .record({
    t: fc.oneof(
      fc.constant(null),
      trap.map((parts) => parts.join("")),
    ),
    d: fc.jsonValue({ maxDepth: 3 }),
  })
  .map((value) => JSON.stringify(value));
const otherShape = fc
  .dictionary(
    trap.map((parts) => parts.join("")),
    trap.map((parts) => parts.join("")),
  )
  .map((value) => JSON.stringify(value));

describe("splitting frames", () => {
  it("gives back what was joined, whatever stands in the strings", () => {
    fc.assert(
      fc.property(fc.array(frame, { minLength: 1, maxLength: 6 }), (frames) => {
        expect(split(frames)).toEqual(frames);
      }),
      { numRuns: 1_000 },
    );
  });

  it("gives back objects of any other shape too", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(frame, otherShape), { minLength: 1, maxLength: 6 }), (frames) => {
        expect(split(frames)).toEqual(frames);
      }),
      { numRuns: 1_000 },
    );
  });

  it("gives nothing when there are fewer than were written", () => {
    expect(split(['{"t":1}', '{"t":2}'], 3)).toBeUndefined();
    expect(split(['{"t":1}', "77"], 2)).toBeUndefined();
  });
});
