import type { MetaValue } from "@guildwire/client/rooms";
import { createMemoryEngine, digestOf, type Op, type TopicEngine } from "@guildwire/live";
import { beforeEach, describe, expect, it } from "vitest";
import { staleEntry } from "../../src/features/rooms/projection/project.ts";
import { createDoubtedTopics, type DoubtedTopics } from "../../src/intake/doubted-topics.ts";
import { metaOp, personOp, roomOp } from "../features/rooms/history/history-at-work.ts";

let engine: TopicEngine;
let doubted: DoubtedTopics;
let heard: string[];
let version: number;

beforeEach(async () => {
  engine = createMemoryEngine({ epoch: "life1", nowMs: () => 0 });
  let made = 0;
  doubted = createDoubtedTopics({
    engine,
    topicsOf: (source) => [`${source}/a`, `${source}/b`, `${source}/never`],
    staleEntry,
    newEpoch: () => `doubt${++made}`,
    nowMs: () => 7,
  });
  version = 0;
  await commit([metaOp("live"), roomOp("1"), personOp("7", "1")], ["100/a", "100/b", "200/a"]);
  heard = [];
  doubted.shown.listen(({ topic, delta: { epoch, from, to } }) =>
    heard.push(`${topic} ${epoch} ${from}-${to}`),
  );
});

async function commit(ops: readonly Op[], topics: readonly string[]): Promise<void> {
  const changes = topics.map((topic) => ({ topic, ops, atMs: 0 }));
  await engine.commit({
    source: "100",
    expectedVersion: version++,
    cursor: { epoch: "e", seq: 1 },
    note: {},
    topics: changes,
  });
}

async function status(topic: string): Promise<string | undefined> {
  const { entries } = await doubted.shown.load(topic);
  return (entries.find(([key]) => key === "m")?.[1] as MetaValue | undefined)?.source.status;
}

describe("a source in doubt", () => {
  it("is shown as stale in all of its topics, with everything else as it was, and no other source is (B1)", async () => {
    const before = await engine.load("100/a");
    await doubted.doubt("100");
    expect([await status("100/a"), await status("100/b"), await status("200/a")]).toEqual([
      "stale",
      "stale",
      "live",
    ]);
    const { position, digest, entries } = await doubted.shown.load("100/a");
    expect(position).toEqual({ epoch: "doubt1", offset: 1 });
    expect(digest).toBe(digestOf(entries.map(([key, , rev]) => [key, rev])));
    expect(entries.slice(1).map(([key, value]) => [key, value])).toEqual(
      before.entries.slice(1).map(([key, value]) => [key, value]),
    );
    expect(await engine.load("100/a")).toEqual(before);
    expect(await doubted.shown.load("100/never")).toEqual(await engine.load("100/never"));
    expect([doubted.isDoubted("100/a"), doubted.isDoubted("200/a"), doubted.count()]).toEqual([
      true,
      false,
      1,
    ]);
  });

  it("is told once, as topics that begin anew (B2)", async () => {
    await doubted.doubt("100");
    await doubted.doubt("100");
    expect(heard).toEqual(["100/a doubt1 0-1", "100/b doubt2 0-1"]);
  });

  it("answers a position of the real log with a snapshot, and its own with nothing", async () => {
    await doubted.doubt("100");
    const since = async (epoch: string, offset: number) =>
      await doubted.shown.since("100/a", { epoch, offset });
    expect(await since("life1", 1)).toEqual({ type: "snapshot" });
    expect(await since("doubt1", 0)).toEqual({ type: "snapshot" });
    expect(await since("doubt1", 1)).toMatchObject({
      type: "delta",
      delta: undefined,
      position: { epoch: "doubt1" },
    });
    expect(await since("doubt1", 2)).toEqual({ type: "ahead" });
    expect(await doubted.shown.chain("100/a", { epoch: "life1", offset: 1 })).toBeUndefined();
  });

  it("is itself again when it is trusted, and its readers are told to start again (B2, B3)", async () => {
    await doubted.doubt("100");
    heard = [];
    await doubted.trust("100");
    expect(heard).toEqual(["100/a life1 0-1", "100/b life1 0-1"]);
    expect(await status("100/a")).toBe("live");
    expect(doubted.count()).toBe(0);
    await doubted.trust("100");
    expect(heard).toHaveLength(2);
    await doubted.doubt("100");
    expect((await doubted.shown.load("100/a")).position.epoch).toBe("doubt4");
  });

  it("is itself again in a topic that is committed to (B3)", async () => {
    await doubted.doubt("100");
    heard = [];
    await commit([["d", "u:7"]], ["100/a"]);
    expect(heard).toEqual(["100/a life1 1-2"]);
    expect([await status("100/a"), await status("100/b")]).toEqual(["live", "stale"]);
    await doubted.trust("100");
    expect(heard).toEqual(["100/a life1 1-2", "100/b life1 0-1"]);
  });

  it("leaves a commit that comes while it begins as it is", async () => {
    const beginning = doubted.doubt("100");
    const committing = commit([metaOp("outage")], ["100/a"]);
    await Promise.all([beginning, committing]);
    expect(await status("100/a")).toBe("outage");
    expect(heard.filter((line) => line.startsWith("100/a"))).toEqual(["100/a life1 1-2"]);
  });
});
