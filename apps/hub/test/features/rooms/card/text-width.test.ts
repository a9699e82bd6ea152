import { describe, expect, it } from "vitest";
import {
  fittedText,
  isMeasured,
  textWidth,
  wrappedText,
} from "../../../../src/features/rooms/card/text-width.ts";

describe("the width of a text", () => {
  it("is the sum of Helvetica's advances, scaled", () => {
    expect(textWidth("Hello", 10)).toBeCloseTo((722 + 556 + 222 + 222 + 556) / 100);
    expect(textWidth("Hello", 20)).toBeCloseTo(2 * textWidth("Hello", 10));
    expect(textWidth("Hello", 10, "bold")).toBeGreaterThan(textWidth("Hello", 10));
  });

  it.each([
    ["an accented letter", "é", "e"],
    ["a letter with a combining mark", "e\u0301", "e"],
    ["a letter with a thousand marks", `e${"\u0301".repeat(1_000)}`, "e"],
    ["a family of emoji", "👩‍👩‍👧‍👦", "👩"],
    ["a flag", "🇳🇱", "👩"],
  ])("of %s is that of one character", (_name, text, one) => {
    expect(textWidth(text, 12)).toBeCloseTo(textWidth(one, 12));
  });

  it("is an em for each character of Chinese, Japanese and Korean", () => {
    expect(textWidth("山田太郎한글", 10)).toBeCloseTo(60);
  });

  it("is known for Latin, CJK and pictures, and a guess for other scripts", () => {
    for (const text of ["Ada Lovelace", "Çelik 🦊", "山田", "12 · 4…"]) expect(isMeasured(text)).toBe(true);
    for (const text of ["محمد", "Жанна", "สวัสดี"]) expect(isMeasured(text)).toBe(false);
  });
});

describe("a text that must fit", () => {
  it("stays whole when it does", () => {
    expect(fittedText("Ada", 12, 100)).toBe("Ada");
  });

  it("ends in an ellipsis within its width when it does not", () => {
    const fitted = fittedText("a rather long name that goes on", 12, 90);
    expect(fitted).toMatch(/^a rather.*…$/);
    expect(textWidth(fitted, 12)).toBeLessThanOrEqual(90);
  });

  it("is never cut inside a character", () => {
    for (let widthPx = 15; widthPx < 90; widthPx += 3) {
      const fitted = fittedText("👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 12, widthPx);
      expect(fitted.replaceAll("👩‍👩‍👧‍👦", "")).toBe("…");
    }
  });
});

describe("a text in lines", () => {
  it("breaks between words", () => {
    expect(wrappedText("one two three four", 12, 50, 9)).toEqual(["one two", "three", "four"]);
  });

  it("ends in an ellipsis where the lines do", () => {
    const lines = wrappedText("one two three four five six", 12, 50, 2);
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatch(/…$/);
    for (const line of lines) expect(textWidth(line, 12)).toBeLessThanOrEqual(50);
  });

  it("cuts a word that is longer than a line", () => {
    expect(wrappedText("w".repeat(400), 12, 80, 3)).toEqual([expect.stringMatching(/^w+…$/)]);
  });

  it("of nothing has none", () => {
    expect(wrappedText("  ", 12, 80, 3)).toEqual([]);
  });
});

it("knows the quotation marks and dashes of our own sentences", () => {
  expect(isMeasured("There is no view “staff” – or ‘none’ — here")).toBe(true);
});

it("gives letters of mathematics, which names are styled with, more than a small letter", () => {
  expect(textWidth("𝖓𝖆𝖒𝖊", 10)).toBeGreaterThanOrEqual(4 * 8);
});
