import { describe, expect, it } from "vitest";
import { avatarColor } from "../../../../src/features/rooms/card/avatar-color.ts";

/** Contrast with white. Source: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
function contrastWithWhite(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const value = Number.parseInt(color.slice(start, start + 2), 16) / 255;
    return value <= 0.040_45 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 1.05 / (0.212_6 * red + 0.715_2 * green + 0.072_2 * blue + 0.05);
}

describe("the colour under initials", () => {
  it("lets white be read on it, whatever the hue", () => {
    for (let hue = 0; hue < 360; hue += 5) {
      expect(avatarColor(hue)).toMatch(/^#[\da-f]{6}$/);
      expect(contrastWithWhite(avatarColor(hue))).toBeGreaterThan(4.5);
    }
  });

  it("differs between hues", () => {
    expect(new Set([0, 60, 120, 180, 240, 300].map(avatarColor)).size).toBe(6);
  });
});
