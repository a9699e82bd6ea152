import { expect, it } from "vitest";
import { createSourceFreshness, SILENT_AFTER_MS } from "../../src/intake/source-freshness.ts";
import { createVirtualClock } from "../virtual-clock.ts";

function watched() {
  const clock = createVirtualClock();
  const silent: string[] = [];
  return { clock, silent, freshness: createSourceFreshness(clock, (source) => silent.push(source)) };
}

it("tells once of a source that went silent", () => {
  const { clock, silent, freshness } = watched();
  freshness.heard("1");
  clock.advance(SILENT_AFTER_MS - 1);
  expect(silent).toEqual([]);
  expect(freshness.isSilent("1")).toBe(false);
  clock.advance(1);
  expect(freshness.isSilent("1")).toBe(true);
  clock.advance(SILENT_AFTER_MS * 5);
  expect(silent).toEqual(["1"]);
});

it("counts from the last sign of life", () => {
  const { clock, silent, freshness } = watched();
  for (let time = 0; time < 10; time++) {
    freshness.heard("1");
    clock.advance(SILENT_AFTER_MS - 1);
  }
  expect(silent).toEqual([]);
  expect(freshness.lastHeardMs("1")).toBe(clock.nowMs() - SILENT_AFTER_MS + 1);
  clock.advance(1);
  expect(silent).toEqual(["1"]);
});

it("watches again after the source came back", () => {
  const { clock, silent, freshness } = watched();
  freshness.heard("1");
  clock.advance(SILENT_AFTER_MS);
  freshness.heard("1");
  clock.advance(SILENT_AFTER_MS);
  expect(silent).toEqual(["1", "1"]);
});

it("watches each source by itself, and none after close", () => {
  const { clock, silent, freshness } = watched();
  freshness.heard("1");
  clock.advance(10_000);
  freshness.heard("2");
  clock.advance(SILENT_AFTER_MS - 10_000);
  expect(silent).toEqual(["1"]);
  freshness.close();
  clock.advance(SILENT_AFTER_MS * 2);
  expect(silent).toEqual(["1"]);
});
