import { describe, expect, it } from "vitest";
import { decadeTicks, evenTicks } from "../../src/suite/ticks.ts";

const RANGES = [
  [1, 1],
  [0.003, 0.9],
  [7, 12],
  [10, 10_000],
  [999, 1_001],
  [2e-6, 4e9],
] as const;

describe("the ticks of a logarithmic axis", () => {
  it.each(RANGES)("reach from below %d to above %d in at most nine steps", (least, most) => {
    const ticks = decadeTicks(least, most);
    expect(ticks[0]).toBeLessThanOrEqual(least);
    expect(ticks.at(-1)).toBeGreaterThanOrEqual(most);
    expect(ticks.length).toBeGreaterThanOrEqual(2);
    expect(ticks.length).toBeLessThanOrEqual(9);
    expect(ticks).toEqual(ticks.toSorted((one, other) => one - other));
  });

  it("are 1, 2 and 5 of each decade where there is room", () => {
    expect(decadeTicks(12, 180)).toEqual([10, 20, 50, 100, 200]);
  });

  it("are powers of ten alone where there is little", () => {
    expect(decadeTicks(10, 1_000_000)).toEqual([10, 100, 1_000, 10_000, 100_000, 1_000_000]);
  });
});

describe("the ticks of a linear axis", () => {
  it.each([
    [0, 1],
    [0, 73],
    [0, 0],
    [0, 0.04],
    [-3, 12],
  ])("reach from %d to %d evenly", (least, most) => {
    const ticks = evenTicks(least, most);
    expect(ticks[0]).toBeLessThanOrEqual(least);
    expect(ticks.at(-1)).toBeGreaterThanOrEqual(most);
    expect(ticks.length).toBeLessThanOrEqual(9);
    const steps = ticks.slice(1).map((tick, index) => tick - (ticks[index] ?? 0));
    for (const step of steps) expect(step).toBeCloseTo(steps[0] ?? 0, 9);
  });
});
