import { expect, it } from "vitest";
import { avatarFace } from "../../../../src/features/rooms/people/avatar-face.ts";

it.each([
  ["Ada", "A"],
  ["ada lovelace the first", "AL"],
  ["night_owl", "NO"],
  ["🦊", "🦊"],
  ["élodie", "É"],
  ["---", "?"],
  ["", "?"],
])("shows %j as %s", (name, initials) => {
  expect(avatarFace("1", name).initials).toBe(initials);
});

it("gives a person the same colour always, and neighbours different ones", () => {
  const hues = Array.from({ length: 40 }, (_, index) => avatarFace(`20000000000000${100 + index}`, "x").hue);
  expect(avatarFace("20000000000000100", "other name").hue).toBe(hues[0]);
  expect(new Set(hues).size).toBeGreaterThan(8);
  expect(hues.every((hue) => hue >= 0 && hue < 360)).toBe(true);
});
