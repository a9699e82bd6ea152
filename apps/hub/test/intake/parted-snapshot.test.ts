/** A snapshot that comes in parts, however they are grouped, repeated and cut off by the end of a process. */

import { type MetaValue, voiceTopic } from "@guildwire/client/rooms";
import type { EventData, GuildwireEvent, ReceivedDelivery } from "@guildwire/events";
import { createMemoryEngine, type Entry, type TopicEngine } from "@guildwire/live";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRoomsProjection } from "../../src/features/rooms/projection/rooms-projection.ts";
import { partsTopic } from "../../src/intake/kept-parts.ts";
import { createSourceWriter, type SourceWriter } from "../../src/intake/source-writer.ts";
import { GUILD, isoAt, occupantOf, roomOf } from "../guild-story.ts";
import { openViews } from "../views/views-at-work.ts";

const TOPIC = voiceTopic(GUILD.id);
const AT_MS = 1_800_000_000_000;

function snapshotOf(people: number): EventData<"guild.snapshot"> {
  return {
    guild: GUILD,
    rooms: [roomOf("1"), roomOf("2")],
    categories: [],
    occupants: Array.from({ length: people }, (_, index) =>
      occupantOf(String(index + 10), String((index % 2) + 1)),
    ),
    status: "live",
  };
}

/** Each part has as many people as `sizes` says, and the last one the rest. */
function inParts(
  snapshot: EventData<"guild.snapshot">,
  sizes: readonly number[],
): readonly EventData<"snapshot.part">[] {
  const rest = [...snapshot.occupants];
  const lists = [...sizes.map((size) => rest.splice(0, size)), rest];
  return lists.map((occupants, index) => ({
    ...snapshot,
    part: index + 1,
    parts: lists.length,
    rooms: index === 0 ? snapshot.rooms : [],
    occupants,
  }));
}

const eventAt = (seq: number, happening: Pick<GuildwireEvent, "type" | "data">): GuildwireEvent =>
  ({ ...happening, seq, id: `e1-${seq}`, timestamp: isoAt(AT_MS) }) as GuildwireEvent;

function delivery(events: readonly GuildwireEvent[], epoch = "e1"): ReceivedDelivery {
  return { source: GUILD.id, epoch, events: events.map((event) => ({ known: true, event })) };
}

const memory = (): TopicEngine => createMemoryEngine({ epoch: "life1", nowMs: () => AT_MS });

const writerOf = (engine: TopicEngine): SourceWriter =>
  createSourceWriter({
    source: GUILD.id,
    engine,
    projections: [createRoomsProjection(openViews())],
    nowMs: () => AT_MS,
    onHeard: () => {},
  });

async function entries(engine: TopicEngine, topic = TOPIC): Promise<readonly Entry[]> {
  const all = (await engine.load(topic)).entries.map(([key, value]): Entry => [key, value, 0]);
  return all.sort(([a], [b]) => (a < b ? -1 : 1));
}

const run = fc.record({
  people: fc.integer({ min: 0, max: 20 }),
  sizes: fc.array(fc.nat(8), { minLength: 1, maxLength: 6 }),
  groups: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 10 }),
  kills: fc.array(fc.boolean(), { maxLength: 10 }),
  repeats: fc.array(fc.boolean(), { maxLength: 10 }),
});

describe("a snapshot in parts", () => {
  it("comes out as the whole one does, at once, whatever the deliveries and the processes are", async () => {
    await fc.assert(
      fc.asyncProperty(run, async ({ people, sizes, groups, kills, repeats }) => {
        const before = eventAt(1, { type: "guild.snapshot", data: snapshotOf(3) });
        const snapshot = snapshotOf(people);
        const parts = inParts(snapshot, sizes).map((data, index) =>
          eventAt(index + 2, { type: "snapshot.part", data }),
        );
        const after = eventAt(parts.length + 2, { type: "voice.joined", data: occupantOf("99", "1") });

        const plain = memory();
        await writerOf(plain).take(
          delivery([before, eventAt(2, { type: "guild.snapshot", data: snapshot })]),
        );
        const wanted = await entries(plain);

        const engine = memory();
        let writer = writerOf(engine);
        await writer.take(delivery([before]));
        const old = await entries(engine);
        const waiting = [...parts];
        for (let turn = 0; waiting.length > 0; turn++) {
          const sent = delivery(waiting.splice(0, groups[turn % groups.length]));
          await writer.take(sent);
          if (kills[turn]) writer = writerOf(engine);
          if (repeats[turn]) await writer.take(sent);
          expect(await entries(engine)).toEqual(waiting.length > 0 ? old : wanted);
        }
        expect((await engine.load(partsTopic(GUILD.id))).entries).toEqual([]);
        expect(await writer.take(delivery([after]))).toMatchObject({
          type: "taken",
          cursor: { seq: after.seq },
        });
        expect((await entries(engine)).map(([key]) => key)).toContain("u:99");
      }),
      { numRuns: 150 },
    );
  });

  it("leaves a source stale until it is whole, when it begins another epoch", async () => {
    const engine = memory();
    const writer = writerOf(engine);
    await writer.take(delivery([eventAt(1, { type: "guild.snapshot", data: snapshotOf(3) })]));
    await writer.markStale(() => true);
    const status = async () =>
      ((await entries(engine)).find(([key]) => key === "m")?.[1] as MetaValue | undefined)?.source.status;
    const [first, second] = inParts(snapshotOf(5), [2]).map((data, index) =>
      eventAt(index + 1, { type: "snapshot.part", data }),
    );
    if (first === undefined || second === undefined) throw new Error("a snapshot of two parts");
    expect(await writer.take(delivery([first], "e2"))).toMatchObject({
      type: "taken",
      cursor: { epoch: "e2", seq: 1 },
    });
    expect(await status()).toBe("stale");
    await writer.take(delivery([second], "e2"));
    expect(await status()).toBe("live");
    expect(await entries(engine)).toHaveLength(8);
  });

  it("is asked for again when a part is lost, and what has come of it is forgotten with the next", async () => {
    const engine = memory();
    const writer = writerOf(engine);
    const parts = inParts(snapshotOf(9), [3, 3]).map((data, index) =>
      eventAt(index + 1, { type: "snapshot.part", data }),
    );
    const [first, , third] = parts;
    if (first === undefined || third === undefined) throw new Error("a snapshot of three parts");
    await writer.take(delivery([first]));
    const tombstone: ReceivedDelivery = {
      source: GUILD.id,
      epoch: "e1",
      events: [
        {
          known: false,
          event: { seq: 2, id: "e1-2", type: "event.parked", timestamp: isoAt(AT_MS), data: {} },
        },
      ],
    };
    expect(await writer.take(tombstone)).toMatchObject({ type: "wantSnapshot", why: "broken_snapshot" });
    const again = parts.map((part, index) => ({ ...part, seq: index + 4, id: `e1-${index + 4}` }));
    expect(await writer.take(delivery([third, ...again]))).toMatchObject({
      type: "taken",
      cursor: { seq: 6 },
    });
    expect(await entries(engine)).toHaveLength(12);
  });
});
