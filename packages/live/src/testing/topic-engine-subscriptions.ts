/** The part of the conformance suite on subscribers of one topic (E12). */
import { expect, it } from "vitest";
import type { Op } from "../op.ts";
import type { CommittedDelta, SourceCommit, TopicEngine } from "../topic-engine.ts";

export interface SubscriptionParts {
  readonly engine: () => TopicEngine;
  readonly commitOf: (version: number, ops: readonly Op[], topic?: string) => SourceCommit;
}

export function describeSubscriptions({ engine, commitOf }: SubscriptionParts): void {
  it("emits to a topic's subscribers the deltas of that topic alone, until they leave (E12)", async () => {
    const received: CommittedDelta[] = [];
    const leave = engine().subscribe("t", (committed) => received.push(committed));
    const committing = engine()
      .commit(commitOf(0, [["s", "a", 1]]))
      .then(() => received.length);
    expect(await committing).toBe(1);
    await engine().commit(commitOf(1, [["s", "a", 1]], "other"));
    await engine().commit(commitOf(2, [["s", "a", 2]]));
    expect(received.map(({ topic, delta }) => [topic, delta.from, delta.to])).toEqual([
      ["t", 0, 1],
      ["t", 1, 2],
    ]);
    leave();
    await engine().commit(commitOf(3, [["s", "a", 3]]));
    expect(received).toHaveLength(2);
  });

  it("keeps a subscriber when another of the same topic leaves (E12)", async () => {
    const received: CommittedDelta[] = [];
    const leaveFirst = engine().subscribe("t", () => undefined);
    engine().subscribe("t", (committed) => received.push(committed));
    leaveFirst();
    await engine().commit(commitOf(0, [["s", "a", 1]]));
    expect(received).toHaveLength(1);
  });
}
