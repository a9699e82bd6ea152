/** A topic's way to a large audience: in slices, each member in order. */
import { createMemoryEngine, type DeltaFrame, type TopicEngine } from "@guildwire/live";
import { createVirtualClock, type VirtualClock } from "@guildwire/runtime/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { createHubMetrics } from "../../src/hub-metrics.ts";
import { SLICE_MEMBERS } from "../../src/sockets/sliced-round.ts";
import { type FeedMember, WINDOW_MS } from "../../src/sockets/topic-feed.ts";
import { createTopicFeeds, type TopicFeeds } from "../../src/sockets/topic-feeds.ts";

const TOPIC = "t";

/** Writes down what it is given: `5` for a frame that ends there, `tick 5`. */
class Listener implements FeedMember {
  readonly heard: string[] = [];
  onFrame: () => void = () => undefined;

  takeFrame({ to }: DeltaFrame): void {
    this.heard.push(String(to));
    this.onFrame();
  }
  takeNotice(bytes: Uint8Array): void {
    this.heard.push(`tick ${(JSON.parse(Buffer.from(bytes).toString()) as { o: number }).o}`);
  }
  topicChanged({ to }: DeltaFrame): void {
    this.heard.push(`(${to})`);
  }
  readAgain(): void {
    this.heard.push("again");
  }
  topicBroken(): void {
    this.heard.push("broken");
  }
}

let engine: TopicEngine;
let clock: VirtualClock;
let feeds: TopicFeeds;
let version: number;

beforeEach(() => {
  engine = createMemoryEngine({ epoch: "e", nowMs: () => 0 });
  clock = createVirtualClock();
  feeds = createTopicFeeds({
    engine,
    clock,
    metrics: createHubMetrics({ version: "0.0.0", commit: null }),
  });
  version = 0;
});

function join(count = 1): readonly Listener[] {
  return Array.from({ length: count }, () => {
    const listener = new Listener();
    feeds.of(TOPIC).startReading(listener);
    feeds.of(TOPIC).goLive(listener);
    return listener;
  });
}

/** One change; the window before it is over. */
async function change(): Promise<void> {
  clock.advance(1_000);
  await changeAtOnce();
}

async function changeAtOnce(): Promise<void> {
  await engine.commit({
    source: "1",
    expectedVersion: version,
    cursor: { epoch: "w", seq: version + 1 },
    note: null,
    topics: [{ topic: TOPIC, ops: [["s", "k", version]], atMs: 1 }],
  });
  version += 1;
}

function runAllTurns(): void {
  while (clock.turnsWaiting() > 0) clock.turn();
}

const heardBy = (listeners: readonly Listener[]) => new Set(listeners.map(({ heard }) => heard.join(" ")));

describe("a small audience", () => {
  it("has a change at once", async () => {
    const listeners = join(SLICE_MEMBERS - 1);
    await change();
    expect(heardBy(listeners)).toEqual(new Set(["1"]));
    expect(clock.turnsWaiting()).toBe(0);
  });
});

describe("a change that follows another", () => {
  it.each([
    [1, 25],
    [499, 25],
    [500, 50],
    [4_999, 50],
    [5_000, 100],
  ])("comes to %i members within %i ms", async (members, windowMs) => {
    const [first] = join(members);
    await change();
    runAllTurns();
    await changeAtOnce();
    clock.advance(windowMs - 1);
    runAllTurns();
    expect(first?.heard).toEqual(["1"]);
    clock.advance(1);
    runAllTurns();
    expect(first?.heard).toEqual(["1", "2"]);
  });
});

it("a change leaves with its window when the clock was set back by an hour", async () => {
  const [first] = join();
  await change();
  clock.stepWall(-3_600_000);
  await changeAtOnce();
  clock.advance(WINDOW_MS);
  expect(first?.heard).toEqual(["1", "2"]);
});

describe("a large audience", () => {
  it("has a change slice by slice, with a turn of the event loop between", async () => {
    const listeners = join(3 * SLICE_MEMBERS + 1);
    const served = () => listeners.filter(({ heard }) => heard.length > 0).length;
    await change();
    for (const slices of [0, 1, 2, 3]) {
      expect(served()).toBe(slices * SLICE_MEMBERS);
      clock.turn();
    }
    expect(served()).toBe(listeners.length);
    expect(clock.turnsWaiting()).toBe(0);
  });

  it("has what changes meanwhile as one frame, when the round is done (F5)", async () => {
    const listeners = join(2 * SLICE_MEMBERS);
    await change();
    clock.turn();
    await change();
    await change();
    expect(heardBy(listeners)).toEqual(new Set(["1", ""]));
    runAllTurns();
    expect(heardBy(listeners)).toEqual(new Set(["1 3"]));
  });

  it("has a tick after the frames it tells of, never before", async () => {
    const listeners = join(2 * SLICE_MEMBERS);
    await change();
    await change();
    feeds.tick();
    runAllTurns();
    expect(heardBy(listeners)).toEqual(new Set(["1 2 tick 2"]));
  });

  it("waits longer for a change that follows another (F6)", async () => {
    join(5_000);
    await change();
    runAllTurns();
    const [last] = join();
    const commit = engine.commit({
      source: "1",
      expectedVersion: version,
      cursor: { epoch: "w", seq: 9 },
      note: null,
      topics: [{ topic: TOPIC, ops: [["s", "k", "next"]], atMs: 1 }],
    });
    await commit;
    clock.advance(WINDOW_MS);
    runAllTurns();
    expect(last?.heard).toEqual([]);
    clock.advance(WINDOW_MS);
    runAllTurns();
    expect(last?.heard).toEqual(["2"]);
  });
});

describe("during a round", () => {
  it("who leaves is not served, and who pauses is not", async () => {
    const listeners = join(2 * SLICE_MEMBERS);
    const [leaving, pausing] = listeners.slice(-2) as [Listener, Listener];
    await change();
    feeds.leave(TOPIC, leaving);
    feeds.of(TOPIC).pause(pausing);
    runAllTurns();
    expect([leaving.heard, pausing.heard]).toEqual([[], []]);
    expect(heardBy(listeners.slice(0, -2))).toEqual(new Set(["1"]));
  });

  it("who goes live has the frame from elsewhere, and is served from the next one on", async () => {
    const listeners = join(2 * SLICE_MEMBERS);
    await change();
    const late = join(1)[0] as Listener;
    runAllTurns();
    expect(late.heard).toEqual([]);
    await change();
    runAllTurns();
    expect(late.heard).toEqual(["2"]);
    expect(heardBy(listeners)).toEqual(new Set(["1 2"]));
  });

  it("who reads hears of each frame as it is made", async () => {
    join(2 * SLICE_MEMBERS);
    const reading = new Listener();
    feeds.of(TOPIC).startReading(reading);
    await change();
    expect(reading.heard).toEqual(["(1)"]);
    await change();
    runAllTurns();
    expect(reading.heard).toEqual(["(1)", "(2)"]);
  });

  it("the rest goes on when a member leaves in the middle of being served", async () => {
    const listeners = join(SLICE_MEMBERS + 10);
    const [first, second] = listeners as [Listener, Listener];
    first.onFrame = () => feeds.leave(TOPIC, second);
    await change();
    runAllTurns();
    expect(second.heard).toEqual([]);
    expect(heardBy(listeners.filter((one) => one !== second))).toEqual(new Set(["1"]));
  });

  it("a log that begins anew ends what waits, and everybody is told", async () => {
    const listeners = join(2 * SLICE_MEMBERS);
    await change();
    await change();
    await engine.commit({
      source: "1",
      expectedVersion: version,
      cursor: { epoch: "w", seq: 9 },
      note: null,
      topics: [{ topic: TOPIC, ops: [], atMs: 1, restart: true }],
    });
    runAllTurns();
    for (const { heard } of listeners)
      expect(heard.at(-1) === "broken" || heard.includes("broken")).toBe(true);
    expect(listeners.every(({ heard }) => !heard.includes("2"))).toBe(true);
  });
});
