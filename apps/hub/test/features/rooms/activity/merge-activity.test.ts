import { expect, it } from "vitest";
import {
  ACTIVITY_MAX,
  mergeActivity,
  type SeenDeed,
} from "../../../../src/features/rooms/activity/merge-activity.ts";
import type { Activity, RoomHistory } from "../../../../src/features/rooms/history/room-history.ts";

const LOBBY = { id: "7", name: "Lobby" };
const ATTIC = { id: "8", name: "Attic" };
const ANN = { id: "1", name: "Ann", avatarUrl: null };

const told = (o: number, atMs: number, type: Activity["type"] = "joined"): Activity => ({
  o,
  atMs,
  type,
  person: ANN,
  room: LOBBY,
});
const seen = (begin: number, end: number, atMs: number, more: Partial<SeenDeed> = {}): SeenDeed => ({
  type: "joined",
  person: ANN,
  room: LOBBY,
  atMs,
  heardAtMs: atMs,
  epoch: "a",
  begin,
  end,
  ...more,
});
/** Read when the topic was at offset 20. */
const history = (...activity: Activity[]): RoomHistory => ({
  topic: "voice/1/public",
  e: "a",
  o: 20,
  at: 1_000,
  from: 0,
  bucketMs: 300_000,
  together: [],
  rooms: [],
  activity,
});
const times = (...given: Parameters<typeof mergeActivity>): unknown =>
  mergeActivity(...given).map(({ atMs, type }) => [atMs, type]);

it("tells what the page saw alone where the hub keeps no history", () => {
  expect(times(null, [seen(4, 5, 900), seen(3, 4, 800)])).toEqual([
    [900, "joined"],
    [800, "joined"],
  ]);
});

it("tells once what both know, at the history's time", () => {
  expect(times(history(told(19, 940)), [seen(18, 19, 950)])).toEqual([[940, "joined"]]);
});

it("adds what came after the history was read, also the same deed once more", () => {
  expect(times(history(told(20, 940)), [seen(20, 21, 950)])).toEqual([
    [950, "joined"],
    [940, "joined"],
  ]);
});

it("looks into the history for a change that spans the moment it was read", () => {
  const left = { type: "left" } as const;
  const moved = { type: "moved", to: ATTIC } as const;
  const spanning = [seen(15, 25, 960, moved), seen(15, 25, 960, left), seen(15, 25, 960)];
  expect(times(history(told(18, 940), told(12, 900, "left")), spanning)).toEqual([
    [960, "moved"],
    [960, "left"],
    [940, "joined"],
    [900, "left"],
  ]);
});

it("goes by the clock when the topic has begun anew in between", () => {
  const old = seen(400, 401, 950, { epoch: "z" });
  const late = seen(402, 403, 1_100, { epoch: "z" });
  expect(times(history(told(3, 940)), [late, old])).toEqual([
    [1_100, "joined"],
    [940, "joined"],
  ]);
});

it("is newest first and has an end", () => {
  const many = Array.from({ length: ACTIVITY_MAX + 20 }, (_, index) =>
    seen(20 + index, 21 + index, 2_000 + index),
  );
  const merged = mergeActivity(history(told(20, 940)), many.toReversed());
  expect(merged).toHaveLength(ACTIVITY_MAX);
  expect(merged[0]?.atMs).toBe(2_000 + ACTIVITY_MAX + 19);
});
