import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

const source = (path: string): string =>
  readFileSync(new URL(`../../../../src/${path}`, import.meta.url), "utf8");

function paletteOf(path: string): Readonly<Record<string, string>> {
  const colors = source(path).matchAll(/^\s*(--color-[\w-]+):\s*(light-dark\([^;]*\));/gm);
  return Object.fromEntries([...colors].map(([, name, value]) => [name, value]));
}

it("gives embeds the colors of the page", () => {
  const page = paletteOf("styles.css");
  expect(Object.keys(page).length).toBeGreaterThan(10);
  expect(paletteOf("features/rooms/embed/embed.css")).toEqual(page);
});
