import { createVirtualClock } from "@guildwire/runtime/testing";
import { expect, it } from "vitest";
import {
  createSourceFreshness,
  SILENT_AFTER_MS,
  TELL_AGAIN_AFTER_MS,
} from "../../src/intake/source-freshness.ts";

function watched() {
  const clock = createVirtualClock();
  const silent: string[] = [];
  const settles = { next: true };
  const freshness = createSourceFreshness(clock, async (source) => {
    silent.push(source);
    return settles.next;
  });
  return { clock, silent, settles, freshness };
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
  expect(freshness.silentForMs("1")).toBe(SILENT_AFTER_MS - 1);
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

it("tells again of a silence that could not be told, until it is settled", async () => {
  const { clock, silent, settles, freshness } = watched();
  settles.next = false;
  freshness.heard("1");
  clock.advance(SILENT_AFTER_MS);
  await Promise.resolve();
  clock.advance(TELL_AGAIN_AFTER_MS);
  await Promise.resolve();
  expect(silent).toEqual(["1", "1"]);
  settles.next = true;
  clock.advance(TELL_AGAIN_AFTER_MS);
  await Promise.resolve();
  clock.advance(TELL_AGAIN_AFTER_MS * 5);
  expect(silent).toEqual(["1", "1", "1"]);
});

it("tells no more of a silence that ended before it could be told", async () => {
  const { clock, silent, settles, freshness } = watched();
  settles.next = false;
  freshness.heard("1");
  clock.advance(SILENT_AFTER_MS);
  await Promise.resolve();
  freshness.heard("1");
  clock.advance(SILENT_AFTER_MS - 1);
  expect(silent).toEqual(["1"]);
});

it("counts from a sign of life in an earlier life of the hub", async () => {
  const { clock, silent, freshness } = watched();
  await freshness.watch("1", SILENT_AFTER_MS - 2_000);
  expect(silent).toEqual([]);
  clock.advance(2_000);
  expect(silent).toEqual(["1"]);
});

it("tells before it resolves of a source that has been silent for too long already", async () => {
  const { silent, freshness } = watched();
  await freshness.watch("1", SILENT_AFTER_MS);
  expect(silent).toEqual(["1"]);
  expect(freshness.silentForMs("1")).toBe(SILENT_AFTER_MS);
});

it.each([-3_600_000, 3_600_000])("is not affected by a wall clock that is set by %d ms", (byMs) => {
  const { clock, silent, freshness } = watched();
  freshness.heard("1");
  clock.advance(SILENT_AFTER_MS - 1);
  clock.stepWall(byMs);
  expect(freshness.isSilent("1")).toBe(false);
  expect(silent).toEqual([]);
  clock.advance(1);
  expect(freshness.isSilent("1")).toBe(true);
  expect(silent).toEqual(["1"]);
});
