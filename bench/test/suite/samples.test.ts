import { expect, it } from "vitest";
import { interleaved, quantile, quotient, spreadOf } from "../../src/suite/samples.ts";

it("runs every subject in each round, and turns their order", async () => {
  const order: string[] = [];
  const lines = await interleaved(
    ["a", "b", "c"],
    3,
    async (subject, round) => {
      order.push(subject);
      return `${subject}${round}`;
    },
    () => undefined,
  );
  expect(order.join("")).toBe("abcbcacab");
  expect(lines.map(({ samples }) => samples)).toEqual([
    ["a0", "a1", "a2"],
    ["b0", "b1", "b2"],
    ["c0", "c1", "c2"],
  ]);
});

it("leaves a failure out, tells of it, and goes on", async () => {
  const failures: string[] = [];
  const lines = await interleaved(
    ["a", "b"],
    2,
    async (subject, round) => {
      if (subject === "b" && round === 0) throw new Error("no answer");
      return round;
    },
    (subject, reason) => failures.push(`${subject}: ${reason}`),
  );
  expect(lines).toEqual([
    { subject: "a", samples: [0, 1] },
    { subject: "b", samples: [1] },
  ]);
  expect(failures).toEqual(["b: no answer"]);
});

it("gives the middle and the ends", () => {
  expect(spreadOf([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3, count: 3 });
  expect(spreadOf([4, 1, 2, 3])).toEqual({ median: 2.5, min: 1, max: 4, count: 4 });
  expect(() => spreadOf([])).toThrow(RangeError);
});

it("gives the sample that so many are at or below", () => {
  const samples = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect([0, 0.5, 0.99, 1].map((q) => quantile(samples, q))).toEqual([1, 50, 99, 100]);
});

it("makes no quotient of what was not measured", () => {
  expect([quotient(1, 4), quotient(undefined, 4), quotient(1, undefined)]).toEqual([
    0.25,
    undefined,
    undefined,
  ]);
});
