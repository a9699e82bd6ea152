import { beforeEach, expect, it } from "vitest";
import { createSteadyNow } from "../src/clock.ts";

const START_MS = 1_800_000_000_000;

let wall: number;
let monotonic: number;
let now: () => number;

beforeEach(() => {
  wall = START_MS;
  monotonic = 17;
  now = createSteadyNow(
    () => wall,
    () => monotonic,
  );
});

it("starts with the wall clock's time and advances with it", () => {
  expect(now()).toBe(START_MS);
  wall += 1_000;
  monotonic += 1_000;
  expect(now()).toBe(START_MS + 1_000);
});

it("advances as before when the wall clock is set back by an hour", () => {
  wall -= 3_600_000;
  monotonic += 5;
  expect(now()).toBe(START_MS + 5);
  wall += 20_000;
  monotonic += 20_000;
  expect(now()).toBe(START_MS + 20_005);
});

it("counts the time asleep, which the monotonic clock leaves out", () => {
  wall += 7_200_000;
  monotonic += 10;
  expect(now()).toBe(START_MS + 7_200_000);
});

it("never goes back, whatever both clocks do", () => {
  let before = now();
  for (const [wallStep, monotonicStep] of [
    [-50, 0],
    [0, 0],
    [-3, -2],
    [100, 1],
    [-1_000_000, 7],
  ] as const) {
    wall += wallStep;
    monotonic += monotonicStep;
    const after = now();
    expect(after).toBeGreaterThanOrEqual(before);
    before = after;
  }
});
