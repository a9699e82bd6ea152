import type { Op } from "@guildwire/live";
import { describe, expect, it } from "vitest";
import {
  ACTIVITY_MAX,
  BUCKET_MS,
  BUCKETS,
  DAY_MS,
  ROOMS_MAX,
} from "../../../../src/features/rooms/history/day.ts";
import { tellHistory } from "../../../../src/features/rooms/history/room-history.ts";
import {
  afterStep,
  asOf,
  emptyHistory,
  stepTo,
} from "../../../../src/features/rooms/history/topic-history.ts";
import { lineOf, metaOp, personOp, roomOp, START_MS, Told } from "./history-at-work.ts";

const live = (): Told => new Told().step([metaOp("live"), roomOp("1"), roomOp("2")]);

describe("activity", () => {
  it("is who joined, moved and left, with the time of each", () => {
    const told = live();
    told.wait(10_000).step([personOp("7", "1", { since: told.nowMs })]);
    told.wait(10_000).step([personOp("7", "2", { roomSince: told.nowMs })]);
    told.wait(10_000).step([["d", "u:7"]]);
    expect(told.activity).toEqual(["7 joined 1 10s", "7 moved 1→2 20s", "7 left 2 30s"]);
  });

  it("is none for a change of flags or of a name, which is remembered", () => {
    const told = live().step([personOp("7", "1")]);
    told.wait(10_000).step([personOp("7", "1", { flags: 1, name: "New name" })]);
    told.step([["d", "u:7"]]);
    expect(told.activity).toEqual(["7 joined 1 0s", "7 left 1 10s"]);
    expect(told.history.activity.at(-1)?.person.name).toBe("New name");
  });

  it("is none for the people of the first snapshot, who came before anybody looked (H3)", () => {
    const told = new Told().step([metaOp("live"), roomOp("1"), personOp("7", "1")]);
    expect(told.activity).toEqual([]);
    expect(told.peaks("1")).toEqual([[0, 1]]);
  });

  it("is none for a guild that was removed and comes back (H3)", () => {
    const told = live().step([personOp("7", "1")]);
    told.step([["d", "u:7"], ["d", "r:1"], ["d", "r:2"], metaOp("gone")]);
    told.step([metaOp("live"), roomOp("1"), personOp("7", "1"), personOp("8", "1")]);
    expect(told.activity).toEqual([]);
  });

  it("has the time at which it was learned, and says so, where nobody was told in time (H4)", () => {
    const told = live().step([personOp("7", "1"), personOp("8", "1")]);
    told.step([metaOp("stale")]).wait(600_000);
    told.step([
      metaOp("live"),
      ["d", "u:7"],
      personOp("9", "2", { approx: true }),
      personOp("8", "2", { roomSince: START_MS + 60_000 }),
    ]);
    expect(told.activity).toEqual([
      "7 joined 1 0s",
      "8 joined 1 0s",
      "8 moved 1→2 60s",
      "7 left 1 about 600s",
      "9 joined 2 about 600s",
    ]);
  });

  it("never happens after it was known, whatever the worker's clock says", () => {
    const told = live().step([personOp("7", "1", { since: START_MS + 90_000 })], { atMs: START_MS + 90_000 });
    expect(told.activity).toEqual(["7 joined 1 0s"]);
  });

  it("is forgotten with the room it names (H5)", () => {
    const told = live().step([personOp("7", "1"), personOp("8", "2")]);
    told.step([personOp("7", "2", { roomSince: START_MS })]).step([["d", "r:1"]]);
    expect(told.activity).toEqual(["8 joined 2 0s"]);
    expect(JSON.stringify(tellHistory("t", told.history, told.nowMs))).not.toContain("Room 1");
  });

  it("is kept for a day, and not more of it than the bound (H6)", () => {
    const told = live();
    for (let index = 0; index <= ACTIVITY_MAX; index++) {
      told.wait(1_000).step([personOp(String(index), "1", { since: told.nowMs })]);
    }
    expect(told.activity).toHaveLength(ACTIVITY_MAX);
    expect(told.activity[0]).toBe("1 joined 1 2s");
    const later = asOf(told.history, START_MS + DAY_MS + 100_000);
    expect(later.activity.map(lineOf)[0]).toBe("100 joined 1 101s");
  });

  it("is not kept of a view that tells no times", () => {
    const told = new Told("counts").step([metaOp("live"), roomOp("1")]);
    told.step([personOp("7", "1", { since: 0, roomSince: 0 })]);
    expect(told.activity).toEqual([]);
    expect(told.peaks("1")).toEqual([[0, 1]]);
  });
});

describe("the people in a room", () => {
  it("are the most at once in each bucket", () => {
    const told = live()
      .step([personOp("7", "1")])
      .step([personOp("8", "1")])
      .step([["d", "u:7"]]);
    told.wait(BUCKET_MS).step([personOp("9", "2")]);
    expect(told.peaks("1")).toEqual([
      [0, 2],
      [1, 1],
    ]);
    expect(told.peaks("2")).toEqual([
      [0, 0],
      [1, 1],
    ]);
  });

  it("count once in all rooms together, however often they go from one to another", () => {
    const told = live().step([personOp("7", "1"), personOp("8", "1")]);
    for (const room of ["2", "1", "2"]) told.step([personOp("7", room)]);
    expect(told.peaks("1")).toEqual([[0, 2]]);
    expect(told.peaks("2")).toEqual([[0, 1]]);
    expect(told.together).toEqual([[0, 2]]);
    told.wait(BUCKET_MS).step([["d", "u:8"]]);
    expect(told.together).toEqual([
      [0, 2],
      [1, 1],
    ]);
    expect(tellHistory("t", told.history, told.nowMs).together.slice(-3)).toEqual([null, 2, 1]);
  });

  it("are seen when somebody looks, though nothing changes", () => {
    const told = live().step([personOp("7", "1")]);
    told.history = asOf(told.history, START_MS + 2 * BUCKET_MS);
    expect(told.peaks("1")).toEqual([
      [0, 1],
      [2, 1],
    ]);
    expect(asOf(told.history, START_MS + 2 * BUCKET_MS)).toBe(told.history);
  });

  it.each(["stale", "outage", "resync", "gone"] as const)(
    "are not known while the source is %s (H2)",
    (status) => {
      const told = live()
        .step([personOp("7", "1")])
        .wait(BUCKET_MS)
        .step([metaOp(status)]);
      told.history = asOf(told.wait(BUCKET_MS).history, told.nowMs);
      told.step([personOp("8", "1")]);
      expect(told.peaks("1")).toEqual([[0, 1]]);
      told.wait(BUCKET_MS).step([metaOp("live")]);
      expect(told.peaks("1").at(-1)).toEqual([3, 2]);
    },
  );

  it("are forgotten after a day (H6)", () => {
    const told = live().step([personOp("7", "1")]);
    for (let bucket = 1; bucket <= BUCKETS; bucket++)
      told.history = asOf(told.wait(BUCKET_MS).history, told.nowMs);
    expect(told.peaks("1")).toHaveLength(BUCKETS);
    expect(told.peaks("1")[0]).toEqual([1, 1]);
  });

  it("are counted in a room that is heard of after them", () => {
    const told = live()
      .step([personOp("7", "3")])
      .step([roomOp("3")]);
    expect(told.history.rooms.get("3")?.people).toBe(1);
    expect(told.activity).toEqual([]);
  });

  it("are not kept for more rooms than a guild can have (H6)", () => {
    const rooms = Array.from({ length: ROOMS_MAX + 10 }, (_, index): Op => roomOp(`${index}`));
    expect(new Told().step([metaOp("live"), ...rooms]).history.rooms.size).toBe(ROOMS_MAX);
  });
});

describe("a step over what nobody can tell any more", () => {
  it("is the difference to the whole topic, and a guess", () => {
    const told = live()
      .step([personOp("7", "1"), personOp("8", "1")])
      .wait(60_000);
    const entries = [
      metaOp("live"),
      roomOp("1"),
      roomOp("2"),
      personOp("8", "1"),
      personOp("9", "2", { since: START_MS + 30_000 }),
    ];
    const whole = entries.flatMap((op) => (op[0] === "s" ? [[op[1], op[2], 9] as const] : []));
    const after = afterStep(told.history, stepTo({ epoch: "e", offset: 9 }, whole, told.nowMs));
    expect(after.activity.map(lineOf)).toEqual([
      "7 joined 1 0s",
      "8 joined 1 0s",
      "9 joined 2 30s",
      "7 left 1 about 60s",
    ]);
    expect(after.rooms.get("1")).toMatchObject({ people: 1 });
    expect(after.rooms.get("1")?.peaks.get(START_MS / BUCKET_MS)).toBe(2);
  });
});

describe("a history as it is told", () => {
  it("has its rooms by id, in whatever order they came, so that a restart changes nothing", () => {
    const told = live()
      .step([["d", "r:1"]])
      .step([roomOp("1")]);
    expect(tellHistory("t", told.history, told.nowMs).rooms.map(({ id }) => id)).toEqual(["1", "2"]);
  });

  it("has a day of buckets that ends with the one that is going on, and the newest activity first", () => {
    const told = live()
      .step([personOp("7", "1")])
      .wait(1_000)
      .step([personOp("8", "1", { since: START_MS + 1_000 })]);
    const history = tellHistory("voice/100/public", told.history, told.nowMs);
    expect(history).toMatchObject({
      topic: "voice/100/public",
      e: "e",
      o: 3,
      at: told.nowMs,
      from: START_MS + BUCKET_MS - DAY_MS,
      bucketMs: BUCKET_MS,
    });
    expect(history.rooms.map(({ id, people }) => [id, people.length, people.at(-2), people.at(-1)])).toEqual([
      ["1", BUCKETS, null, 2],
      ["2", BUCKETS, null, 0],
    ]);
    expect(history.activity.map(lineOf)).toEqual(["8 joined 1 1s", "7 joined 1 0s"]);
    expect(history.activity[0]).toEqual({
      o: 3,
      atMs: START_MS + 1_000,
      type: "joined",
      person: { id: "8", name: "User 8", avatarUrl: null },
      room: { id: "1", name: "Room 1" },
    });
  });
});

it("forgets what a clock that ran a month ahead has seen, and goes on forgetting by the day (H6)", () => {
  let history = afterStep(emptyHistory({ epoch: "a", offset: 0 }), {
    position: { epoch: "a", offset: 1 },
    ops: [metaOp("live"), roomOp("1")],
    atMs: START_MS,
    knownAtMs: START_MS + 30 * DAY_MS,
  });
  for (let bucket = 0; bucket < 2 * BUCKETS; bucket++) history = asOf(history, START_MS + bucket * BUCKET_MS);
  expect(history.rooms.get("1")?.peaks.size).toBe(BUCKETS);
  expect(history.together.size).toBe(BUCKETS);
});
