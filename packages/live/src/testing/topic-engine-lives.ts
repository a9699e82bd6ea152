/** What a durable topic engine must still know in its next life (E8 of topic-engine.ts): part of the conformance suite. */
import { expect, it } from "vitest";
import { digestOf } from "../digest.ts";
import type { Op } from "../op.ts";
import type { SourceCommit, TopicEngine } from "../topic-engine.ts";
import { RING_AGE_MAX_MS, type TopicSnapshot } from "../topic-log.ts";

/** A clock that is turned by hand. */
export interface EngineClock {
  nowMs: number;
}

export interface Lives {
  readonly engine: () => TopicEngine;
  readonly clock: EngineClock;
  readonly commitOf: (version: number, ops: readonly Op[], topic?: string) => SourceCommit;
}

export function describeNextLife(
  { engine, clock, commitOf }: Lives,
  beginNextLife: () => Promise<void>,
): void {
  /** Sets, a delete, a clear and a commit that changes nothing: 4 offsets, 5 versions. */
  async function live(): Promise<void> {
    const story: readonly (readonly Op[])[] = [
      [
        ["s", "a", { deep: [1, null, "ü"] }],
        ["s", "b", 1],
        ["s", "c", true],
      ],
      [
        ["s", "b", 2],
        ["d", "c"],
      ],
      [["s", "b", 2]],
      [["c"], ["s", "d", "after the clear"], ["s", "e", 5]],
      [["s", "d", 4]],
    ];
    for (const [version, ops] of story.entries()) await engine().commit(commitOf(version, ops));
  }

  const sorted = (snapshot: TopicSnapshot): TopicSnapshot => ({
    ...snapshot,
    entries: [...snapshot.entries].sort(([a], [b]) => (a < b ? -1 : 1)),
  });

  it("it has the epoch, offset, digest and entries with their revisions", async () => {
    await live();
    const before = await engine().load("t");
    await beginNextLife();
    const after = await engine().load("t");
    expect(sorted(after)).toEqual(sorted(before));
    expect(after.position.offset).toBe(4);
    expect(after.digest).toBe(digestOf(after.entries.map(([key, , rev]) => [key, rev])));
  });

  it("it has every source with its cursor, version and note, in the same order", async () => {
    await engine().commit({ ...commitOf(0, [["s", "a", 1]], "other"), source: "9" });
    await live();
    await engine().commit({ ...commitOf(1, [], "other"), source: "9" });
    const before = await engine().listSources();
    await beginNextLife();
    expect(await engine().listSources()).toEqual(before);
    expect(await engine().loadSource("7")).toEqual(before[1]);
  });

  it("it answers each position as it did before", async () => {
    await live();
    const { position } = await engine().load("t");
    const answers = async () =>
      await Promise.all([0, 1, 2, 3, 4, 5].map((offset) => engine().since("t", { ...position, offset })));
    const chains = async () =>
      await Promise.all([0, 2, 4].map((offset) => engine().chain("t", { ...position, offset })));
    const chained = await chains();
    const before = await answers();
    await beginNextLife();
    expect(await answers()).toEqual(before);
    expect(await chains()).toEqual(chained);
    expect(before[3]).toMatchObject({ type: "delta", delta: { from: 3, to: 4 } });
  });

  it("it goes on counting, and a position of the life before gets one delta over both", async () => {
    await live();
    const { position } = await engine().load("t");
    await beginNextLife();
    expect(await engine().commit(commitOf(3, [["s", "f", 6]]))).toEqual({ type: "conflict" });
    expect(await engine().commit(commitOf(5, [["s", "f", 6]]))).toMatchObject({ type: "committed" });
    expect(await engine().since("t", { ...position, offset: 3 })).toMatchObject({
      delta: {
        from: 3,
        to: 5,
        ops: [
          ["s", "d", 4, 4],
          ["s", "f", 6],
        ],
      },
    });
  });

  it("it keeps the epoch of topics that nobody has written to (E5)", async () => {
    const before = await engine().load("never");
    await beginNextLife();
    expect(await engine().load("never")).toEqual(before);
  });

  it("it has the epoch of a restarted topic, and nothing of what that topic told before", async () => {
    await live();
    const topics = [{ topic: "t", ops: [["s", "a", 1]] as const, atMs: 1, restart: true }];
    await engine().commit({ ...commitOf(5, []), topics });
    await engine().commit(commitOf(6, [["s", "b", 2]]));
    const before = await engine().load("t");
    const answersOf = async () =>
      await Promise.all([0, 1, 2].map((offset) => engine().since("t", { ...before.position, offset })));
    const answers = await answersOf();
    await beginNextLife();
    expect(sorted(await engine().load("t"))).toEqual(sorted(before));
    expect(await answersOf()).toEqual(answers);
    expect(JSON.stringify(answers)).not.toContain("after the clear");
  });

  it("it forgets deltas by age as if it had not ended", async () => {
    await live();
    const { position } = await engine().load("t");
    clock.nowMs += RING_AGE_MAX_MS + 1;
    await engine().commit(commitOf(5, [["s", "f", 6]]));
    await beginNextLife();
    expect(await engine().since("t", { ...position, offset: 3 })).toEqual({ type: "snapshot" });
    expect(await engine().since("t", position)).toMatchObject({ delta: { from: 4, to: 5 } });
  });

  it("it remembers which keys were granted", async () => {
    await engine().once("k", 1_000);
    await beginNextLife();
    expect(await engine().once("k", 1_000)).toBe(false);
    clock.nowMs += 1_000;
    expect(await engine().once("k", 1_000)).toBe(true);
  });
}
