import { expect, it } from "vitest";
import { createMemoryEngine } from "../src/memory-engine.ts";
import { describeTopicEngine } from "../src/testing/topic-engine-conformance.ts";

describeTopicEngine("the memory engine", (clock) =>
  createMemoryEngine({ epoch: "life1", nowMs: () => clock.nowMs }),
);

it("keeps no room for topics that are only read", async () => {
  const engine = createMemoryEngine({ epoch: "life1", nowMs: () => 0 });
  const first = await engine.load("t");
  expect((await engine.load("t")).position).toEqual(first.position);
  expect((await engine.load("u")).position).toEqual({ epoch: "life1", offset: 0 });
});

it("forgets the oldest `once` keys at its bound", async () => {
  const engine = createMemoryEngine({ epoch: "life1", nowMs: () => 0, onceKeysMax: 2 });
  for (const key of ["a", "b", "c"]) await engine.once(key, 1_000);
  expect(await engine.once("b", 1_000)).toBe(false);
  expect(await engine.once("a", 1_000)).toBe(true);
});
