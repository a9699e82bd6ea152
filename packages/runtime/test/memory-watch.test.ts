import { describe, expect, it } from "vitest";
import { MemoryWatch, memoryLimitBytes } from "../src/memory-watch.ts";

describe("a watch on memory", () => {
  it("speaks once above nine tenths, and again only after it was below eight", () => {
    const watch = new MemoryWatch();
    expect([89, 91, 95, 85, 91, 79, 91].map((bytes) => watch.note(bytes, 100))).toEqual([
      false,
      true,
      false,
      false,
      false,
      false,
      true,
    ]);
    expect(watch.note(1e12, null)).toBe(false);
  });

  it("takes no limit for none", () => {
    expect(memoryLimitBytes(0)).toBeNull();
    expect(memoryLimitBytes(2 ** 63)).toBeNull();
    expect(memoryLimitBytes(134_217_728)).toBe(134_217_728);
  });
});
