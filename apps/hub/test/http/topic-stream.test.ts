import { createMemoryEngine, type Op, type TopicEngine } from "@guildwire/live";
import { createVirtualClock } from "@guildwire/runtime/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { createEventEncoder } from "../../src/http/stream-event.ts";
import { openTopicStream, type TopicStream } from "../../src/http/topic-stream.ts";
import { createHubMetrics } from "../../src/hub-metrics.ts";
import { createTopicFeeds, type TopicFeeds } from "../../src/sockets/topic-feeds.ts";

const TOPIC = "voice/1/public";

let engine: TopicEngine;
let feeds: TopicFeeds;
let written: string[];
const endings: string[] = [];
const clock = createVirtualClock();
const metrics = createHubMetrics({ version: "0.0.0", commit: null });

/** What was written as `name id`, oldest first. */
const seen = (): readonly string[] =>
  written.map((text) => {
    const [, name = "", , id = ""] = /^event: (\w+)\n(id: (\S+)\n)?/.exec(text) ?? [];
    return `${name} ${id}`.trim();
  });

function open(from?: { readonly epoch: string; readonly offset: number }, greets = false): TopicStream {
  const sink = {
    write: (bytes: Uint8Array) => void written.push(String(bytes)),
    backlogBytes: () => 0,
    end: () => void endings.push("ended"),
    cut: () => void endings.push("cut"),
  };
  return openTopicStream({
    takesFresh: false,
    topic: TOPIC,
    from,
    greets,
    sink,
    feeds,
    encode: createEventEncoder(),
    clock,
    metrics,
  });
}

async function write(ops: readonly Op[], restart = false): Promise<void> {
  const version = (await engine.loadSource("1"))?.version ?? 0;
  const topics = [{ topic: TOPIC, ops, atMs: 5, restart }];
  const cursor = { epoch: "e", seq: version };
  await engine.commit({ source: "1", expectedVersion: version, cursor, note: null, topics });
}

/** Until what was asked of the engine has been answered. */
const settled = () => new Promise(setImmediate);

beforeEach(() => {
  engine = createMemoryEngine({ epoch: "life1", nowMs: () => clock.wallMs() });
  feeds = createTopicFeeds({ engine, clock, metrics });
  written = [];
  endings.length = 0;
});

describe("a stream", () => {
  it("begins anew by itself when its topic does, and shows nothing of before", async () => {
    await write([["s", "secret", 1]]);
    open();
    await settled();
    await write([["s", "open", 2]], true);
    await settled();
    expect(seen()).toEqual(["snap life1:1", "snap life1_1:1"]);
    expect(written[1]).not.toContain("secret");
    clock.advance(1_000);
    await write([["s", "open", 3]]);
    expect(seen().at(-1)).toBe("d life1_1:2");
  });

  it("names no position on the pages of a snapshot but the last", async () => {
    await write(Array.from({ length: 501 }, (_, index): Op => ["s", `k${index}`, index]));
    open();
    await settled();
    expect(seen()).toEqual(["snap", "snap life1:1"]);
  });

  it("says `subd` at once to a reader that asks for greetings, and only then", async () => {
    await write([["s", "a", 1]]);
    open({ epoch: "life1", offset: 1 }, true);
    await settled();
    expect(written.map((text) => JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? ""))).toEqual([
      { t: "subd", id: 0, topic: TOPIC, e: "life1", o: 1, how: "resumed" },
    ]);
    await write([["s", "open", 2]], true);
    await settled();
    expect(seen()).toEqual(["subd", "snap life1_1:1"]);
  });

  it("says `subd` with the position of the log of now to a reader whose log went back", async () => {
    await write([["s", "a", 1]]);
    open({ epoch: "life1", offset: 9 }, true);
    await settled();
    expect(seen()).toEqual(["subd", "snap life1:1"]);
    expect(written[0]).toContain('"how":"snapshot"');
  });

  it("says nothing to a reader that is where the topic is, until it changes", async () => {
    await write([["s", "a", 1]]);
    open({ epoch: "life1", offset: 1 });
    await settled();
    expect(seen()).toEqual([]);
    await write([["s", "a", 2]]);
    expect(seen()).toEqual(["d life1:2"]);
  });

  it("misses nothing that changes while it reads, and repeats nothing", async () => {
    await write([["s", "a", 1]]);
    open();
    await write([["s", "a", 2]]);
    clock.advance(1_000);
    await settled();
    expect(seen().at(-1)).toMatch(/ life1:2$/);
    expect(seen().filter((event) => event.endsWith("life1:2"))).toHaveLength(1);
  });

  it("ends when the topic cannot be read", async () => {
    feeds = createTopicFeeds({
      engine: { ...engine, load: () => Promise.reject(new Error("broken")) },
      clock,
      metrics,
    });
    open();
    await settled();
    expect(endings).toEqual(["ended"]);
    expect(feeds.count()).toBe(0);
  });

  it("is told nothing any more once it is closed", async () => {
    await write([["s", "a", 1]]);
    const stream = open();
    stream.close();
    await settled();
    await write([["s", "a", 2]]);
    expect(seen()).toEqual([]);
    expect(feeds.count()).toBe(0);
  });
});
