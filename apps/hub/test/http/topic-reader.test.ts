import { createMemoryEngine, type Op, type TopicEngine, type TopicSnapshot } from "@guildwire/live";
import { expect, it } from "vitest";
import { createTopicReader, TOPICS_KEPT_MAX } from "../../src/http/topic-reader.ts";

const TOPIC = "voice/1/public";

function engineThatCounts(): { readonly engine: TopicEngine; readonly loads: string[] } {
  const loads: string[] = [];
  const memory = createMemoryEngine({ epoch: "life1", nowMs: () => 0 });
  const load = async (topic: string): Promise<TopicSnapshot> => {
    loads.push(topic);
    return await memory.load(topic);
  };
  return { engine: { ...memory, load }, loads };
}

async function write(engine: TopicEngine, topic: string, ops: readonly Op[], atMs = 5): Promise<void> {
  const version = (await engine.loadSource(topic))?.version ?? 0;
  const cursor = { epoch: "e", seq: version };
  const topics = [{ topic, ops, atMs }];
  await engine.commit({ source: topic, expectedVersion: version, cursor, note: null, topics });
}

it("loads and encodes a position once, whoever asks", async () => {
  const { engine, loads } = engineThatCounts();
  await write(engine, TOPIC, [["s", "a", 1]]);
  const reader = createTopicReader(engine);
  const [first, second] = await Promise.all([reader.read(TOPIC), reader.read(TOPIC)]);
  expect(loads).toEqual([TOPIC]);
  expect(first).toBe(second);
  expect(first.body()).toBe(second.body());
  expect(JSON.parse(String(first.body()))).toEqual({
    topic: TOPIC,
    e: "life1",
    o: 1,
    dg: expect.any(Number),
    at: 5,
    state: [["a", 1, 1]],
  });
});

it("reads again after a commit, also one that comes while it reads", async () => {
  const { engine } = engineThatCounts();
  await write(engine, TOPIC, [["s", "a", 1]]);
  const reader = createTopicReader(engine);
  const early = reader.read(TOPIC);
  await write(engine, TOPIC, [["s", "a", 2]]);
  await early;
  expect((await reader.read(TOPIC)).position.offset).toBe(2);
});

it("keeps nothing of topics that nobody writes to, and a bounded number of the others", async () => {
  const { engine, loads } = engineThatCounts();
  const reader = createTopicReader(engine);
  for (const _time of [1, 2]) expect((await reader.read("voice/404/public")).isWritten).toBe(false);
  expect(loads).toHaveLength(2);

  const topics = Array.from({ length: TOPICS_KEPT_MAX + 1 }, (_, index) => `voice/${index}/public`);
  for (const topic of topics) {
    await write(engine, topic, [["s", "a", 1]]);
    await reader.read(topic);
  }
  loads.length = 0;
  for (const topic of topics.toReversed()) await reader.read(topic);
  expect(loads).toEqual([topics[0]]);
});

it("tries again after a failure", async () => {
  const { engine } = engineThatCounts();
  await write(engine, TOPIC, [["s", "a", 1]]);
  let isBroken = true;
  const load = async (topic: string): Promise<TopicSnapshot> => {
    if (isBroken) throw new Error("broken");
    return await engine.load(topic);
  };
  const reader = createTopicReader({ ...engine, load });
  await expect(reader.read(TOPIC)).rejects.toThrow("broken");
  isBroken = false;
  expect((await reader.read(TOPIC)).position.offset).toBe(1);
});

it("says what led from a position to the top, encoded once", async () => {
  const { engine } = engineThatCounts();
  await write(engine, TOPIC, [["s", "a", 1]]);
  await write(engine, TOPIC, [["s", "b", 2]], 7);
  const reader = createTopicReader(engine);
  await reader.read(TOPIC);
  const [first, second] = [
    await reader.since(TOPIC, { epoch: "life1", offset: 1 }),
    await reader.since(TOPIC, { epoch: "life1", offset: 1 }),
  ];
  expect(first).toBe(second);
  if (first?.type !== "delta") throw new Error("no delta");
  expect(JSON.parse(String(first.body))).toEqual({
    topic: TOPIC,
    e: "life1",
    f: 1,
    o: 2,
    at: 7,
    ops: [["s", "b", 2]],
  });
  expect(await reader.since(TOPIC, { epoch: "life1", offset: 2 })).toEqual({ type: "none" });
  expect(await reader.since(TOPIC, { epoch: "life1", offset: 3 })).toEqual({ type: "startAgain" });
  expect(await reader.since(TOPIC, { epoch: "life0", offset: 1 })).toEqual({ type: "startAgain" });

  await write(engine, TOPIC, [["s", "c", 3]]);
  const third = await reader.since(TOPIC, { epoch: "life1", offset: 1 });
  expect(third.type === "delta" && JSON.parse(String(third.body))).toMatchObject({ f: 1, o: 3 });
});

it("makes a delta once for all who wake together, and anew after a commit that comes meanwhile", async () => {
  const { engine } = engineThatCounts();
  let asked = 0;
  const since: TopicEngine["since"] = async (...of) => {
    asked += 1;
    return await engine.since(...of);
  };
  await write(engine, TOPIC, [["s", "a", 1]]);
  const reader = createTopicReader({ ...engine, since });
  await reader.read(TOPIC);
  await write(engine, TOPIC, [["s", "b", 2]]);
  asked = 0;
  const from = { epoch: "life1", offset: 1 };
  const all = await Promise.all(Array.from({ length: 20 }, () => reader.since(TOPIC, from)));
  expect(new Set(all).size).toBe(1);
  expect(asked).toBe(1);

  const top = { epoch: "life1", offset: 2 };
  const early = reader.since(TOPIC, top);
  await write(engine, TOPIC, [["s", "c", 3]]);
  const late = await reader.since(TOPIC, top);
  await early;
  expect(late.type).toBe("delta");
});
