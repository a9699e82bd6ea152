/**
 * What every topic engine must do; each engine's test calls this with a way to make one, and a durable engine's test
 * also with a way to open it again. The rule numbers are those of topic-engine.ts.
 */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { digestOf } from "../digest.ts";
import type { Op } from "../op.ts";
import {
  type CommittedDelta,
  EngineUnavailableError,
  type SourceCommit,
  type TopicEngine,
} from "../topic-engine.ts";
import { describeChain } from "./topic-engine-chain.ts";
import { describeNextLife, type EngineClock } from "./topic-engine-lives.ts";
import { describeSubscriptions } from "./topic-engine-subscriptions.ts";

/** How the life before ended: closed, or as `kill -9` leaves it, at once and with whatever is on disk. */
export type EngineEnd = "closed" | "killed";

/** Ends the engine and opens what it left; the engine given must not be used after. */
export type Reopen = (engine: TopicEngine, end: EngineEnd, clock: EngineClock) => Promise<TopicEngine>;

/** `makeEngine` gives an empty engine that reads the time from the clock it is given. */
export function describeTopicEngine(
  name: string,
  makeEngine: (clock: EngineClock) => TopicEngine | Promise<TopicEngine>,
  reopen?: Reopen,
): void {
  describe(`${name} as a topic engine`, () => {
    const clock: EngineClock = { nowMs: 1_000_000 };
    let engine: TopicEngine;

    beforeEach(async () => {
      clock.nowMs = 1_000_000;
      engine = await makeEngine(clock);
    });
    afterEach(async () => {
      await engine.close();
    });

    function commitOf(version: number, ops: readonly Op[], topic = "t"): SourceCommit {
      return {
        source: "7",
        expectedVersion: version,
        cursor: { epoch: "e1", seq: version + 1 },
        note: { at: version },
        topics: [{ topic, ops, atMs: clock.nowMs }],
      };
    }

    it("knows no source before its first commit", async () => {
      expect(await engine.loadSource("7")).toBeUndefined();
      expect(await engine.listSources()).toEqual([]);
    });

    it("has every topic, empty at offset 0 until it is written to (E5)", async () => {
      const empty = await engine.load("t");
      expect(empty.entries).toEqual([]);
      expect(empty.position.offset).toBe(0);
      expect(empty.digest).toBe(0);
      await engine.commit(commitOf(0, [["s", "a", 1]]));
      expect((await engine.load("t")).position).toEqual({ epoch: empty.position.epoch, offset: 1 });
      expect(await engine.since("t", empty.position)).toMatchObject({ delta: { from: 0, to: 1 } });
    });

    it("moves cursor, note and topics together (E1)", async () => {
      const outcome = await engine.commit(commitOf(0, [["s", "a", { deep: [1, null] }]]));
      const record = { source: "7", version: 1, cursor: { epoch: "e1", seq: 1 }, note: { at: 0 } };
      expect(outcome).toEqual({ type: "committed", record });
      expect(await engine.loadSource("7")).toEqual(record);
      expect((await engine.load("t")).entries).toEqual([["a", { deep: [1, null] }, 1]]);
    });

    it("moves a cursor whose events changed nothing", async () => {
      await engine.commit(commitOf(0, [["s", "a", 1]]));
      await engine.commit(commitOf(1, [["s", "a", 1]]));
      expect(await engine.loadSource("7")).toMatchObject({ version: 2, cursor: { seq: 2 } });
      expect((await engine.load("t")).position.offset).toBe(1);
    });

    it("refuses a commit computed from another version, and changes nothing by it (E2)", async () => {
      await engine.commit(commitOf(0, [["s", "a", 1]]));
      const before = await engine.load("t");
      for (const version of [0, 2]) {
        expect(await engine.commit(commitOf(version, [["s", "a", 2]]))).toEqual({ type: "conflict" });
      }
      expect(await engine.load("t")).toEqual(before);
      expect(await engine.loadSource("7")).toMatchObject({ version: 1 });
    });

    it("lets one of two writers at the same version through (E2)", async () => {
      const outcomes = await Promise.all([
        engine.commit(commitOf(0, [["s", "a", 1]])),
        engine.commit(commitOf(0, [["s", "a", 2]])),
      ]);
      expect(outcomes.map(({ type }) => type).sort()).toEqual(["committed", "conflict"]);
    });

    it("keeps sources apart and lists them in the order of their first commits", async () => {
      await engine.commit({ ...commitOf(0, [["s", "a", 1]]), source: "9" });
      await engine.commit(commitOf(0, [["s", "a", 2]], "other"));
      await engine.commit({ ...commitOf(1, [["s", "a", 3]]), source: "9" });
      expect((await engine.listSources()).map(({ source }) => source)).toEqual(["9", "7"]);
    });

    it("writes several topics in one commit", async () => {
      const topics = [
        { topic: "t", ops: [["s", "a", 1]] as const, atMs: 1 },
        { topic: "u", ops: [["s", "b", 2]] as const, atMs: 1 },
      ];
      await engine.commit({ ...commitOf(0, []), topics });
      expect((await engine.load("t")).entries).toEqual([["a", 1, 1]]);
      expect((await engine.load("u")).entries).toEqual([["b", 2, 1]]);
    });

    it("keeps a digest that is the entries' own", async () => {
      await engine.commit(
        commitOf(0, [
          ["s", "a", 1],
          ["s", "b", 1],
        ]),
      );
      await engine.commit(
        commitOf(1, [
          ["d", "a"],
          ["s", "c", 1],
        ]),
      );
      const { digest, entries } = await engine.load("t");
      expect(digest).toBe(digestOf(entries.map(([key, , rev]) => [key, rev])));
      expect(digest).not.toBe(0);
    });

    it("answers a position with one squashed delta", async () => {
      await engine.commit(
        commitOf(0, [
          ["s", "a", 1],
          ["s", "b", 1],
          ["s", "c", 1],
        ]),
      );
      const position = (await engine.load("t")).position;
      clock.nowMs += 10;
      await engine.commit(commitOf(1, [["s", "a", 2]]));
      await engine.commit(commitOf(2, [["s", "a", 3]]));
      await engine.commit(commitOf(3, [["d", "b"]]));
      expect(await engine.since("t", position)).toEqual({
        type: "delta",
        position: { ...position, offset: 4 },
        digest: (await engine.load("t")).digest,
        delta: {
          epoch: position.epoch,
          from: 1,
          to: 4,
          atMs: clock.nowMs,
          ops: [
            ["s", "a", 3, 3],
            ["d", "b"],
          ],
        },
      });
    });

    it("answers the top with no delta, another epoch with a snapshot, and a place beyond the top with `ahead`", async () => {
      await engine.commit(commitOf(0, [["s", "a", 1]]));
      const { position } = await engine.load("t");
      expect(await engine.since("t", position)).toMatchObject({ type: "delta", delta: undefined });
      expect(await engine.since("t", { epoch: "elsewhere", offset: 1 })).toEqual({ type: "snapshot" });
      expect(await engine.since("t", { ...position, offset: 2 })).toEqual({ type: "ahead" });
    });

    describeChain({ engine: () => engine, clock, commitOf });

    it("tells listeners of each delta, in order, before the commit resolves (E4)", async () => {
      const heard: CommittedDelta[] = [];
      const stop = engine.listen((committed) => heard.push(committed));
      const committing = engine.commit(commitOf(0, [["s", "a", 1]])).then(() => heard.length);
      expect(await committing).toBe(1);
      await engine.commit(commitOf(1, [["s", "a", 1]]));
      await engine.commit(commitOf(2, [["d", "a"]]));
      expect(heard.map(({ topic, delta }) => [topic, delta.from, delta.to, delta.ops])).toEqual([
        ["t", 0, 1, [["s", "a", 1]]],
        ["t", 1, 2, [["d", "a"]]],
      ]);
      expect(heard.at(-1)?.digest).toBe(0);
      stop();
      await engine.commit(commitOf(3, [["s", "a", 1]]));
      expect(heard).toHaveLength(2);
    });

    describeSubscriptions({ engine: () => engine, commitOf });

    it("says nothing to listeners of a refused commit", async () => {
      const heard: CommittedDelta[] = [];
      engine.listen((committed) => heard.push(committed));
      await engine.commit(commitOf(5, [["s", "a", 1]]));
      expect(heard).toEqual([]);
    });

    describe("a topic that is restarted (E9)", () => {
      const restart = (version: number, ops: readonly Op[]): SourceCommit => ({
        ...commitOf(version, []),
        topics: [{ topic: "t", ops, atMs: 5, restart: true }],
      });

      it("has a new epoch and only what was set with it", async () => {
        await engine.commit(
          commitOf(0, [
            ["s", "a", "secret"],
            ["s", "b", 1],
          ]),
        );
        const before = await engine.load("t");
        await engine.commit(restart(1, [["s", "b", 1]]));
        const after = await engine.load("t");
        expect(after.entries).toEqual([["b", 1, 1]]);
        expect(after.position.offset).toBe(1);
        expect(after.position.epoch).not.toBe(before.position.epoch);
        expect(after.digest).toBe(digestOf([["b", 1]]));
      });

      it("continues no position of before, and tells nothing of it", async () => {
        await engine.commit(commitOf(0, [["s", "a", "secret"]]));
        const before = await engine.load("t");
        await engine.commit(restart(1, []));
        for (const offset of [0, 1]) {
          expect(await engine.since("t", { ...before.position, offset })).toEqual({ type: "snapshot" });
        }
        const { position } = await engine.load("t");
        const since = await engine.since("t", { ...position, offset: 0 });
        expect(JSON.stringify(since)).not.toContain("secret");
      });

      it("tells its listeners by a delta from offset 0, also when nothing is set", async () => {
        await engine.commit(commitOf(0, [["s", "a", 1]]));
        const heard: CommittedDelta[] = [];
        engine.listen((committed) => heard.push(committed));
        await engine.commit(restart(1, []));
        const { position } = await engine.load("t");
        const { epoch } = position;
        expect(heard).toEqual([
          { topic: "t", delta: { epoch, from: 0, to: 1, atMs: 5, ops: [] }, digest: 0 },
        ]);
      });

      it("goes on from there, and leaves other topics alone", async () => {
        await engine.commit(commitOf(0, [["s", "a", 1]], "other"));
        const other = await engine.load("other");
        await engine.commit(restart(1, [["s", "a", 1]]));
        const { position } = await engine.load("t");
        await engine.commit(commitOf(2, [["s", "a", 2]]));
        expect(await engine.since("t", position)).toMatchObject({ delta: { from: 1, to: 2 } });
        expect(await engine.load("other")).toEqual(other);
      });

      it("has another epoch each time", async () => {
        const epochs = new Set<string>();
        for (let version = 0; version < 4; version++) {
          await engine.commit(restart(version, []));
          epochs.add((await engine.load("t")).position.epoch);
        }
        expect(epochs.size).toBe(4);
      });
    });

    it("grants a key once, and again when its time has passed", async () => {
      expect(await engine.once("k", 1_000)).toBe(true);
      expect(await engine.once("k", 1_000)).toBe(false);
      expect(await engine.once("other", 1_000)).toBe(true);
      clock.nowMs += 1_000;
      expect(await engine.once("k", 1_000)).toBe(true);
    });

    it("takes commits of many sources at once, also of one topic", async () => {
      const topics = ["t", "u", "t", "v", "u", "t"];
      const outcomes = await Promise.all(
        topics.map((topic, index) =>
          engine.commit({ ...commitOf(0, [["s", `k${index}`, index]], topic), source: String(index) }),
        ),
      );
      expect(outcomes.every(({ type }) => type === "committed")).toBe(true);
      const tops = await Promise.all(["t", "u", "v"].map(async (topic) => await engine.load(topic)));
      expect(tops.map(({ position, entries }) => [position.offset, entries.length])).toEqual([
        [3, 3],
        [2, 2],
        [1, 1],
      ]);
    });

    it("stores or refuses what was handed over when it is closed (E7)", async () => {
      const committing = engine.commit(commitOf(0, [["s", "a", 1]])).then(
        ({ type }) => type,
        (cause: unknown) => (cause instanceof EngineUnavailableError ? "refused" : cause),
      );
      await engine.close();
      expect(["committed", "refused"]).toContain(await committing);
    });

    if (reopen === undefined) return;
    const lives = { engine: () => engine, clock, commitOf };
    describe.each<EngineEnd>(["closed", "killed"])("%s and opened again (E8)", (end) => {
      describeNextLife(lives, async () => {
        engine = await reopen(engine, end, clock);
      });
    });
  });
}
