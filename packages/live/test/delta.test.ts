import { describe, expect, it } from "vitest";
import { type Delta, squashDeltas } from "../src/delta.ts";
import type { Op } from "../src/op.ts";

const delta = (from: number, to: number, ops: readonly Op[], atMs = to): Delta => ({
  epoch: "e",
  from,
  to,
  atMs,
  ops,
});

describe("squashing deltas", () => {
  it("makes nothing of nothing, and leaves a single delta as it is", () => {
    expect(squashDeltas([])).toBeUndefined();
    const only = delta(3, 4, [["s", "a", 1]]);
    expect(squashDeltas([only])).toBe(only);
  });

  it("keeps the last op of each key, with the revision it really has", () => {
    const squashed = squashDeltas([
      delta(0, 1, [
        ["s", "a", 1],
        ["s", "b", 1],
      ]),
      delta(1, 2, [
        ["s", "a", 2],
        ["s", "c", 1],
      ]),
      delta(2, 3, [
        ["d", "c"],
        ["s", "d", 1],
      ]),
    ]);
    expect(squashed).toEqual(
      delta(0, 3, [
        ["s", "b", 1, 1],
        ["s", "a", 2, 2],
        ["d", "c"],
        ["s", "d", 1],
      ]),
    );
  });

  it("keeps revisions through a second squashing", () => {
    const first = squashDeltas([delta(0, 1, [["s", "a", 1]]), delta(1, 2, [["s", "b", 1]])]);
    expect(squashDeltas([first as Delta, delta(2, 5, [["s", "c", 1]])])?.ops).toEqual([
      ["s", "a", 1, 1],
      ["s", "b", 1, 2],
      ["s", "c", 1],
    ]);
  });

  it("drops everything before a clear, and deletions after it", () => {
    const squashed = squashDeltas([
      delta(0, 1, [
        ["s", "a", 1],
        ["d", "b"],
      ]),
      delta(1, 2, [["c"], ["s", "x", 1]]),
      delta(2, 3, [
        ["d", "x"],
        ["s", "y", 1],
      ]),
    ]);
    expect(squashed?.ops).toEqual([["c"], ["s", "y", 1]]);
  });

  it("has the time of the newest change", () => {
    expect(squashDeltas([delta(0, 1, [], 50), delta(1, 2, [], 40)])?.atMs).toBe(50);
  });
});
