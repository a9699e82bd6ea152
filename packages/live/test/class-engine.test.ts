import { createMemoryEngine } from "@guildwire/live";
import { expect, it } from "vitest";
import { delegatingEngine } from "../src/delegating-engine.ts";
import { ClassEngine } from "../src/testing/class-engine.ts";
import { describeTopicEngine } from "../src/testing/topic-engine-conformance.ts";

describeTopicEngine("a class", (clock) => new ClassEngine(() => clock.nowMs));

describeTopicEngine("a wrapped class", (clock) => delegatingEngine(new ClassEngine(() => clock.nowMs), {}));

it("delegatingEngine replaces what is given and leaves the rest to the engine", async () => {
  const engine = createMemoryEngine({ epoch: "life1", nowMs: () => 0 });
  const wrapped = delegatingEngine(engine, { once: () => Promise.resolve(false) });
  expect(await wrapped.once("key", 1)).toBe(false);
  expect(await engine.once("key", 1)).toBe(true);
  expect((await wrapped.load("t")).position).toEqual({ epoch: "life1", offset: 0 });
});
