/** How a topic engine tells every step from a position (E10 of topic-engine.ts): part of the conformance suite. */
import { expect, it } from "vitest";
import type { Op } from "../op.ts";
import type { SourceCommit } from "../topic-engine.ts";
import { RING_AGE_MAX_MS } from "../topic-log.ts";
import type { Lives } from "./topic-engine-lives.ts";

export function describeChain({ engine, clock, commitOf }: Lives): void {
  it("tells the single steps from a position, also those that undo each other (E10)", async () => {
    await engine().commit(commitOf(0, [["s", "a", 1]]));
    const { position } = await engine().load("t");
    clock.nowMs += 10;
    await engine().commit(commitOf(1, [["s", "b", 1]]));
    clock.nowMs += 10;
    await engine().commit(commitOf(2, [["d", "b"]]));
    expect(await engine().chain("t", position)).toEqual([
      {
        delta: { epoch: position.epoch, from: 1, to: 2, atMs: clock.nowMs - 10, ops: [["s", "b", 1]] },
        committedAtMs: clock.nowMs - 10,
      },
      {
        delta: { epoch: position.epoch, from: 2, to: 3, atMs: clock.nowMs, ops: [["d", "b"]] },
        committedAtMs: clock.nowMs,
      },
    ]);
    expect(await engine().chain("t", { ...position, offset: 3 })).toEqual([]);
  });

  it("tells no steps where it does not know all of them (E10)", async () => {
    await engine().commit(commitOf(0, [["s", "a", 1]]));
    const { position } = await engine().load("t");
    expect(await engine().chain("t", { epoch: "elsewhere", offset: 1 })).toBeUndefined();
    expect(await engine().chain("t", { ...position, offset: 2 })).toBeUndefined();
    clock.nowMs += RING_AGE_MAX_MS + 1;
    expect(await engine().chain("t", { ...position, offset: 0 })).toBeUndefined();
    expect(await engine().chain("t", position)).toEqual([]);
  });

  it("keeps no step of a topic that nobody follows, and tells of each (E11)", async () => {
    const told: number[] = [];
    const stop = engine().listen(({ topic, delta }) => void (topic === "t" && told.push(delta.to)));
    const unfollowed = (version: number, ops: readonly Op[]): SourceCommit => {
      const commit = commitOf(version, ops);
      return { ...commit, topics: commit.topics.map((change) => ({ ...change, withoutRing: true })) };
    };
    await engine().commit(unfollowed(0, [["s", "a", 1]]));
    const { position } = await engine().load("t");
    await engine().commit(unfollowed(1, [["s", "a", 2]]));
    const top = await engine().load("t");
    expect(top.entries).toEqual([["a", 2, 2]]);
    expect(await engine().since("t", position)).toEqual({ type: "snapshot" });
    expect(await engine().chain("t", position)).toBeUndefined();
    expect(await engine().chain("t", top.position)).toEqual([]);

    await engine().commit(commitOf(2, [["s", "b", 1]]));
    expect(await engine().chain("t", top.position)).toHaveLength(1);
    expect(await engine().chain("t", position)).toBeUndefined();
    expect(told).toEqual([1, 2, 3]);
    stop();
  });
}
