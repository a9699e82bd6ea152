import { type MetaValue, voiceTopic } from "@guildwire/client/rooms";
import type { GuildwireEvent, ReceivedDelivery } from "@guildwire/events";
import { createMemoryEngine, type TopicEngine } from "@guildwire/live";
import { beforeEach, describe, expect, it } from "vitest";
import { createRoomsProjection } from "../../src/features/rooms/projection/rooms-projection.ts";
import { createSourceWriter, type SourceWriter, TURNS_WAITING_MAX } from "../../src/intake/source-writer.ts";
import { GUILD, GuildStory } from "../guild-story.ts";
import { openViews } from "../views/views-at-work.ts";

const TOPIC = voiceTopic(GUILD.id);

let engine: TopicEngine;
let heard: number;
let nowMs: number;
let writer: SourceWriter;
let story: GuildStory;

const writerOf = (): SourceWriter =>
  createSourceWriter({
    source: GUILD.id,
    engine,
    projections: [createRoomsProjection(openViews())],
    nowMs: () => nowMs,
    onHeard: () => heard++,
  });

beforeEach(() => {
  engine = createMemoryEngine({ epoch: "life1", nowMs: () => 0 });
  heard = 0;
  nowMs = 5_000;
  writer = writerOf();
  story = new GuildStory();
});

function delivery(events: readonly GuildwireEvent[], epoch = story.epoch): ReceivedDelivery {
  return { source: GUILD.id, epoch, events: events.map((event) => ({ known: true, event })) };
}

async function status(): Promise<string | undefined> {
  const { entries } = await engine.load(TOPIC);
  return (entries.find(([key]) => key === "m")?.[1] as MetaValue | undefined)?.source.status;
}

describe("a writer", () => {
  it("commits the cursor with the topic, and offers the cursor as the acknowledgement", async () => {
    const taken = await writer.take(
      delivery([story.snapshot(), ...story.tell({ act: "openRoom", room: "1" })]),
    );
    expect(taken).toMatchObject({ type: "taken", cursor: { epoch: "e1", seq: 2 }, startedEpoch: true });
    expect((await engine.loadSource(GUILD.id))?.cursor).toEqual({ epoch: "e1", seq: 2 });
    expect((await engine.load(TOPIC)).entries.map(([key]) => key)).toEqual(["m", "r:1"]);
  });

  it("takes deliveries in the order in which they came", async () => {
    const events = [
      story.snapshot(),
      ...["1", "2", "3"].flatMap((room) => story.tell({ act: "openRoom", room })),
    ];
    const outcomes = await Promise.all(events.map((event) => writer.take(delivery([event]))));
    expect(outcomes.map((outcome) => outcome.type === "taken" && outcome.cursor.seq)).toEqual([1, 2, 3, 4]);
  });

  it("changes nothing by a delivery told twice", async () => {
    const twice = delivery([story.snapshot(), ...story.tell({ act: "openRoom", room: "1" })]);
    await writer.take(twice);
    const before = await engine.load(TOPIC);
    expect(await writer.take(twice)).toMatchObject({ type: "taken", events: [], cursor: { seq: 2 } });
    expect(await engine.load(TOPIC)).toEqual(before);
  });

  it("wants a snapshot of what it cannot join, and does not count that as a sign of life", async () => {
    story.snapshot();
    expect(await writer.take(delivery(story.tell({ act: "openRoom", room: "1" })))).toMatchObject({
      type: "wantSnapshot",
    });
    expect(heard).toBe(0);
    expect(await engine.listSources()).toEqual([]);
  });

  it("remembers which epochs were replaced", async () => {
    await writer.take(delivery([story.snapshot()]));
    const next = new GuildStory("e2");
    next.tell({ act: "status", status: "live" });
    await writer.take(delivery([next.snapshot()], "e2"));
    const late = await writer.take(delivery([...story.tell({ act: "openRoom", room: "1" })]));
    expect(late).toMatchObject({ type: "wantSnapshot", why: "replaced_epoch" });
  });

  it("goes on where another writer of the same store left off", async () => {
    await writer.take(delivery([story.snapshot()]));
    const other = writerOf();
    await other.take(delivery(story.tell({ act: "openRoom", room: "1" })));
    const taken = await writer.take(delivery(story.tell({ act: "openRoom", room: "2" })));
    expect(taken).toMatchObject({ type: "taken", cursor: { seq: 3 } });
    expect((await engine.load(TOPIC)).entries.map(([key]) => key)).toEqual(["m", "r:1", "r:2"]);
  });

  it("loads again after a commit that failed", async () => {
    await writer.take(delivery([story.snapshot()]));
    const room = delivery(story.tell({ act: "openRoom", room: "1" }));
    const { commit } = engine;
    engine.commit = async () => await Promise.reject(new Error("disk full"));
    await expect(writer.take(room)).rejects.toThrow("disk full");
    engine.commit = commit;
    expect(await writer.take(room)).toMatchObject({ type: "taken", cursor: { seq: 2 } });
  });

  it("turns deliveries away when too many wait", async () => {
    const events = Array.from({ length: TURNS_WAITING_MAX + 1 }, () => story.snapshot());
    const outcomes = await Promise.all(events.map((event) => writer.take(delivery([event]))));
    expect(outcomes.filter(({ type }) => type === "busy")).toHaveLength(1);
    expect(await writer.take(delivery([story.snapshot()]))).toMatchObject({ type: "taken" });
  });
});

describe("a silent source", () => {
  it("is shown as stale until the next delivery that is taken, even one that brings nothing new", async () => {
    const first = delivery([story.snapshot()]);
    await writer.take(first);
    expect(await writer.markStale(() => true)).toEqual({ type: "marked" });
    expect(await status()).toBe("stale");
    expect(await writer.markStale(() => true)).toEqual({ type: "unchanged" });
    await writer.take(first);
    expect(await status()).toBe("live");
    expect(heard).toBe(2);
  });

  it("is left as it is when it is heard before the turn comes", async () => {
    await writer.take(delivery([story.snapshot()]));
    const before = heard;
    const taking = writer.take(delivery(story.tell({ act: "openRoom", room: "1" })));
    expect(await writer.markStale(() => heard === before)).toEqual({ type: "unchanged" });
    await taking;
    expect(await status()).toBe("live");
  });

  it("that never sent a snapshot is not shown at all", async () => {
    expect(await writer.markStale(() => true)).toEqual({ type: "unchanged" });
    expect(await engine.listSources()).toEqual([]);
  });

  it("goes back to the worker's own word, not to live", async () => {
    await writer.take(delivery([story.snapshot(), ...story.tell({ act: "status", status: "outage" })]));
    await writer.markStale(() => true);
    await writer.take(delivery(story.tell({ act: "openRoom", room: "1" })));
    expect(await status()).toBe("outage");
  });
});
