import { describe, expect, it } from "vitest";
import { fractionOf, hexOf, pickWeighted, seededRandom, shuffled } from "../../src/random/index.ts";

describe("seeded randomness", () => {
  it("repeats itself for the same seed and purpose, and for no other", () => {
    const draw = (seed: number, purpose: string): readonly number[] => {
      const random = seededRandom(seed, purpose);
      return Array.from({ length: 5 }, random);
    };
    expect(draw(1, "a")).toEqual(draw(1, "a"));
    expect(draw(1, "a")).not.toEqual(draw(2, "a"));
    expect(draw(1, "a")).not.toEqual(draw(1, "b"));
  });

  it("spreads evenly over [0, 1)", () => {
    const random = seededRandom(4, "spread");
    const tenths = Array.from({ length: 10 }, () => 0);
    for (let n = 0; n < 10_000; n += 1) {
      const tenth = Math.floor(random() * 10);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    for (const count of tenths) expect(Math.abs(count - 1000)).toBeLessThan(120);
  });

  it("picks by weight and never what has none", () => {
    const random = seededRandom(4, "weights");
    const picks = Array.from({ length: 1000 }, () =>
      pickWeighted(random, ["a", "b", "c"], (choice) => ({ a: 3, b: 1, c: 0 })[choice] ?? 0),
    );
    expect(picks).not.toContain("c");
    expect(picks.filter((choice) => choice === "a").length).toBeGreaterThan(650);
    expect(pickWeighted(random, ["a"], () => 0)).toBeUndefined();
  });

  it("shuffles without losing anything", () => {
    const items = Array.from({ length: 20 }, (_, index) => index);
    const mixed = shuffled(seededRandom(2, "mix"), items);
    expect(mixed).not.toEqual(items);
    expect([...mixed].sort((a, b) => a - b)).toEqual(items);
  });

  it("makes fixed fractions and hexadecimal names of text", () => {
    expect(fractionOf("x")).toBe(fractionOf("x"));
    expect(hexOf("x")).toMatch(/^[0-9a-f]{32}$/);
    expect(hexOf("x")).not.toBe(hexOf("y"));
  });
});
