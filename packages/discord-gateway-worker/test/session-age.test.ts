import { describe, expect, it } from "vitest";
import { isWorthResuming, SESSION_AGE_MAX_MS } from "../src/session-age.ts";

const NOW_MS = 1_795_000_000_000;

describe("a stored session", () => {
  it("is resumed while it is young", () => {
    expect(isWorthResuming(NOW_MS, NOW_MS)).toBe(true);
    expect(isWorthResuming(NOW_MS - SESSION_AGE_MAX_MS, NOW_MS)).toBe(true);
    expect(isWorthResuming(NOW_MS - SESSION_AGE_MAX_MS - 1, NOW_MS)).toBe(false);
  });

  it("is resumed when its age is unknown, or the clock was set back", () => {
    expect(isWorthResuming(null, NOW_MS)).toBe(true);
    expect(isWorthResuming(NOW_MS + 3_600_000, NOW_MS)).toBe(true);
  });
});
