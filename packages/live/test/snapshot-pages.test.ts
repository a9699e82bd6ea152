import { expect, it } from "vitest";
import type { Entry } from "../src/op.ts";
import { ENTRIES_PER_PAGE_MAX, PAGE_CHARACTERS_MAX, snapshotPages } from "../src/snapshot-pages.ts";

const pagesOf = (entries: readonly Entry[]) =>
  snapshotPages("t", { position: { epoch: "e", offset: 9 }, digest: 5, entries });

it("makes one empty last page of an empty topic", () => {
  expect(pagesOf([])).toEqual([{ t: "snap", topic: "t", e: "e", o: 9, page: 1, last: true, dg: 5, s: [] }]);
});

it("cuts at the greatest number of entries, and marks only the last page", () => {
  const entries = Array.from(
    { length: ENTRIES_PER_PAGE_MAX * 2 + 1 },
    (_, index): Entry => [`k${index}`, 1, 1],
  );
  const pages = pagesOf(entries);
  expect(pages.map(({ page, last, s }) => [page, last, s.length])).toEqual([
    [1, false, ENTRIES_PER_PAGE_MAX],
    [2, false, ENTRIES_PER_PAGE_MAX],
    [3, true, 1],
  ]);
  expect(pages.flatMap(({ s }) => s)).toEqual(entries);
});

it("cuts before a page grows too large, and gives a larger entry a page of its own", () => {
  const half = "x".repeat(PAGE_CHARACTERS_MAX / 2);
  const entries: Entry[] = [
    ["a", half, 1],
    ["b", half, 1],
    ["c", half + half + half, 1],
    ["d", 1, 1],
  ];
  expect(pagesOf(entries).map(({ s }) => s.map(([key]) => key))).toEqual([["a"], ["b"], ["c"], ["d"]]);
});
