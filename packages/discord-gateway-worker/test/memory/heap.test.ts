import { constants, type PerformanceEntry, PerformanceObserver } from "node:perf_hooks";
import { expect, it } from "vitest";
import { collectAll, collectYoung } from "../../src/memory/heap.ts";

const {
  NODE_PERFORMANCE_GC_MINOR: MINOR,
  NODE_PERFORMANCE_GC_MAJOR: MAJOR,
  NODE_PERFORMANCE_GC_FLAGS_FORCED: FORCED,
  NODE_PERFORMANCE_GC_FLAGS_ALL_AVAILABLE_GARBAGE: ALL_AVAILABLE,
} = constants;

interface Collection extends PerformanceEntry {
  readonly detail: { readonly kind: number; readonly flags: number };
}

/** V8 brings a marking to its end that is under way when it is asked, and calls that a major collection. */
it("has V8 collect what is young, and no more", async () => {
  const kinds: number[] = [];
  while (kinds.at(-1) !== MINOR && kinds.length < 10) {
    const asked = nextCollection(({ flags }) => flags === FORCED);
    collectYoung();
    kinds.push((await asked).kind);
  }
  expect(kinds.at(-1)).toBe(MINOR);
});

it("has V8 collect all that is available", async () => {
  const asked = nextCollection(({ flags }) => (flags & ALL_AVAILABLE) !== 0);
  collectAll();
  expect((await asked).kind).toBe(MAJOR);
});

function nextCollection(isIt: (detail: Collection["detail"]) => boolean): Promise<Collection["detail"]> {
  return new Promise((resolve) => {
    const observer = new PerformanceObserver((list) => {
      const collections = list.getEntries() as unknown as readonly Collection[];
      const found = collections.find(({ detail }) => isIt(detail));
      if (found === undefined) return;
      observer.disconnect();
      resolve(found.detail);
    });
    observer.observe({ entryTypes: ["gc"] });
  });
}
