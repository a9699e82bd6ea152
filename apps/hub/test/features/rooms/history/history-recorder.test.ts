import { createMemoryEngine, type Op, type TopicEngine } from "@guildwire/live";
import { createVirtualClock, type VirtualClock } from "@guildwire/runtime/testing";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { BUCKET_MS } from "../../../../src/features/rooms/history/day.ts";
import { LOOK_EVERY_MS } from "../../../../src/features/rooms/history/history-recorder.ts";
import { metaOp, personOp, roomOp, START_MS } from "./history-at-work.ts";
import { emptyHistoryFile, RecorderAtWork, TOPIC } from "./recorder-at-work.ts";

let clock: VirtualClock;
let engine: TopicEngine;
let version: number;

beforeEach(() => {
  clock = createVirtualClock(START_MS);
  engine = createMemoryEngine({ epoch: "life1", nowMs: () => clock.wallMs() });
  version = 0;
});

async function commit(ops: readonly Op[], restart = false, topic = TOPIC): Promise<void> {
  const topics = [{ topic, ops, atMs: clock.wallMs(), restart }];
  const cursor = { epoch: "e1", seq: version + 1 };
  await engine.commit({ source: "100", expectedVersion: version, cursor, note: {}, topics });
  version += 1;
}

const begun = [metaOp("live"), roomOp("1"), roomOp("2")];
const enters = (id: string, room: string): readonly Op[] => [
  personOp(id, room, { since: clock.wallMs(), roomSince: clock.wallMs() }),
];
const lines = (recorder: RecorderAtWork) =>
  recorder
    .read()
    ?.activity.map(({ person, type, approx }) => [person.id, type, ...(approx ? ["about"] : [])]);
const caughtUp = (recorder: RecorderAtWork, how: string): number =>
  Number(
    new RegExp(`guildwire_hub_history_catch_ups_total{how="${how}"} (\\d+)`).exec(
      recorder.metrics.text(),
    )?.[1] ?? 0,
  );

describe("a recorder", () => {
  it("keeps what its topic's readers were told", async () => {
    const recorder = await new RecorderAtWork({ engine, clock }).live();
    expect(recorder.read()).toBeUndefined();
    await commit(begun);
    await commit(enters("7", "1"));
    await commit([["d", "u:7"]]);
    expect(lines(recorder)).toEqual([
      ["7", "left"],
      ["7", "joined"],
    ]);
    expect(recorder.read()).toMatchObject({ e: "life1", o: 3 });
  });

  it("begins with a topic that is already there, whose people are no activity", async () => {
    await commit([...begun, ...enters("7", "1")]);
    const recorder = await new RecorderAtWork({ engine, clock }).live();
    expect(lines(recorder)).toEqual([]);
    expect(recorder.read()?.rooms[0]?.people.at(-1)).toBe(1);
  });

  it("does not know what a source in doubt would say", async () => {
    const recorder = await new RecorderAtWork({ engine, clock }).live();
    await commit([...begun, ...enters("7", "1")]);
    recorder.isDoubted = true;
    clock.advance(2 * BUCKET_MS);
    expect(recorder.read()?.rooms[0]?.people.slice(-3)).toEqual([1, null, null]);
    recorder.isDoubted = false;
    clock.advance(BUCKET_MS);
    expect(recorder.read()?.rooms[0]?.people.slice(-4)).toEqual([1, null, 1, 1]);
  });

  it("tells every step after a crash, also of those who came and went meanwhile (R1)", async () => {
    const recorder = await new RecorderAtWork({ engine, clock }).live();
    await commit(begun);
    clock.advance(LOOK_EVERY_MS);
    await commit(enters("7", "1"));
    recorder.kill();
    await commit(enters("8", "2"));
    await commit([["d", "u:8"]]);
    await recorder.live();
    expect(lines(recorder)).toEqual([
      ["8", "left"],
      ["8", "joined"],
      ["7", "joined"],
    ]);
    expect(recorder.read()?.rooms[1]?.people.at(-1)).toBe(1);
    expect(caughtUp(recorder, "steps")).toBe(1);
  });

  it("tells the difference where the log no longer tells every step (R2)", async () => {
    const recorder = await new RecorderAtWork({ engine, clock }).live();
    await commit([...begun, ...enters("7", "1")]);
    clock.advance(LOOK_EVERY_MS);
    recorder.kill();
    await commit([["d", "u:7"], ...enters("8", "2")]);
    clock.advance(3 * BUCKET_MS);
    await recorder.live();
    expect(lines(recorder)).toEqual([
      ["7", "left", "about"],
      ["8", "joined"],
    ]);
    expect(caughtUp(recorder, "difference")).toBe(1);
    expect(recorder.read()?.rooms[0]?.people.slice(-4)).toEqual([1, null, null, 0]);
  });

  it("forgets everything when its topic begins anew, whether it lives then or not (R3)", async () => {
    const recorder = await new RecorderAtWork({ engine, clock }).live();
    await commit(begun);
    await commit(enters("7", "1"));
    clock.advance(LOOK_EVERY_MS);
    for (const isAlive of [true, false]) {
      if (!isAlive) recorder.kill();
      await commit([metaOp("live"), roomOp("2"), ...enters("8", "2")], true);
      await recorder.live();
      expect(lines(recorder)).toEqual([]);
      expect(recorder.read()?.rooms.map(({ id }) => id)).toEqual(["2"]);
      clock.advance(LOOK_EVERY_MS);
      for (const table of ["room", "peak", "person", "activity"]) {
        expect(JSON.stringify(recorder.database.prepare(`SELECT * FROM ${table}`).all())).not.toMatch(
          /Room 1|User 7/,
        );
      }
      await commit(enters("9", "2"));
      expect(lines(recorder)).toEqual([["9", "joined"]]);
    }
  });

  it("forgets what is stored of a topic that went back, is gone, or is no longer to be kept (R3)", async () => {
    const database = emptyHistoryFile();
    const recorder = await new RecorderAtWork({ engine, clock, database }).live();
    await commit(begun);
    await commit(enters("7", "1"));
    clock.advance(LOOK_EVERY_MS);
    recorder.kill();
    const empty = createMemoryEngine({ epoch: "life1", nowMs: () => clock.wallMs() });
    const next = await new RecorderAtWork({ engine: empty, clock, database }).live();
    expect(next.read()).toBeUndefined();
    expect(database.prepare("SELECT count(*) AS rows FROM topic").get()?.["rows"]).toBe(0);

    await recorder.live();
    recorder.kill();
    expect(database.prepare("SELECT count(*) AS rows FROM topic").get()?.["rows"]).toBe(1);
    const strict = await new RecorderAtWork({ engine, clock, database, keptOf: () => undefined }).live();
    expect(strict.read()).toBeUndefined();
    expect(database.prepare("SELECT count(*) AS rows FROM topic").get()?.["rows"]).toBe(0);
  });

  it("goes on in memory when it cannot save, says so once, and saves all of it later (R4)", async () => {
    const recorder = await new RecorderAtWork({ engine, clock }).live();
    recorder.savesToFail = 2;
    await commit(begun);
    await commit(enters("7", "1"));
    clock.advance(2 * LOOK_EVERY_MS);
    expect(lines(recorder)).toEqual([["7", "joined"]]);
    expect(recorder.log.filter((line) => line.includes("history_failing"))).toHaveLength(1);
    expect(recorder.metrics.text()).toContain("guildwire_hub_history_failing 1");
    clock.advance(LOOK_EVERY_MS);
    expect(recorder.log.filter((line) => line.includes("history_recovered"))).toHaveLength(1);
    recorder.kill();
    await recorder.live();
    expect(lines(recorder)).toEqual([["7", "joined"]]);
  });

  it("costs histories only when the engine cannot be read, and tries again (R4)", async () => {
    await commit(begun);
    let fails = true;
    const broken: TopicEngine = {
      ...engine,
      load: async (topic) => (fails ? Promise.reject(new Error("unreadable")) : await engine.load(topic)),
    };
    const recorder = await new RecorderAtWork({ engine: broken, clock }).live();
    expect(recorder.read()).toBeUndefined();
    fails = false;
    while (recorder.read() === undefined) {
      clock.advance(LOOK_EVERY_MS);
      await new Promise(setImmediate);
    }
    expect(recorder.read()).toMatchObject({ o: 1 });
  });
});

type Move =
  | { readonly act: "commit"; readonly ops: readonly Op[] }
  | { readonly act: "enter"; readonly id: string; readonly room: string }
  | { readonly act: "restart" }
  | { readonly act: "kill" }
  | { readonly act: "live" }
  | { readonly act: "failToSave" }
  | { readonly act: "wait"; readonly ms: number };

const id = fc.constantFrom("7", "8", "9");
const room = fc.constantFrom("1", "2", "3");
const ops = fc.oneof(
  id.map((one): readonly Op[] => [["d", `u:${one}`]]),
  room.map((one): readonly Op[] => [["d", `r:${one}`]]),
  room.map((one): readonly Op[] => [roomOp(one)]),
  fc.constantFrom("live", "stale", "outage").map((status): readonly Op[] => [metaOp(status)]),
  fc.constant<readonly Op[]>([["c"], ...begun]),
);
const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ act: fc.constant("enter" as const), id, room }) },
  { weight: 5, arbitrary: fc.record({ act: fc.constant("commit" as const), ops }) },
  {
    weight: 3,
    arbitrary: fc.record({
      act: fc.constant("wait" as const),
      ms: fc.constantFrom(1, 7_000, 160_000, 700_000),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ act: "kill" as const }) },
  { weight: 2, arbitrary: fc.constant({ act: "live" as const }) },
  { weight: 1, arbitrary: fc.constant({ act: "restart" as const }) },
  { weight: 1, arbitrary: fc.constant({ act: "failToSave" as const }) },
);

async function perform(one: Move, killed: RecorderAtWork): Promise<void> {
  switch (one.act) {
    case "enter":
      return await commit(enters(one.id, one.room));
    case "commit":
      return await commit(one.ops);
    case "restart":
      return await commit(begun, true);
    case "kill":
      return killed.kill();
    case "live":
      return void (await killed.live());
    case "failToSave":
      killed.savesToFail = 1;
      return;
    case "wait":
      // What nobody looked at while it was dead, it cannot know.
      await killed.live();
      return clock.advance(one.ms);
    default:
      return one satisfies never;
  }
}

it("ends with the same history as one that was never killed, whenever it is and whatever happens meanwhile (H1, R1)", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(move, { maxLength: 40 }), async (moves) => {
      clock = createVirtualClock(START_MS);
      engine = createMemoryEngine({ epoch: "life1", nowMs: () => clock.wallMs() });
      version = 0;
      const steady = await new RecorderAtWork({ engine, clock }).live();
      const killed = await new RecorderAtWork({ engine, clock }).live();
      await commit(begun);
      for (const one of moves) await perform(one, killed);
      await killed.live();
      expect(killed.read()).toEqual(steady.read());
      steady.kill();
      killed.kill();
    }),
    { numRuns: 300 },
  );
}, 60_000);
