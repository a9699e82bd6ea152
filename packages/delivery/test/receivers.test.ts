import { describe, expect, it } from "vitest";
import { createMemoryStore } from "../src/store/memory-store.ts";
import {
  type Answer,
  entry,
  FACTS,
  factsOf,
  type Received,
  type ReceiverSetUp,
  ROOMS,
  seqs,
  setUp,
  take,
} from "./rig.ts";

const upTo = (last: number) => Array.from({ length: last }, (_, n) => n + 1);
const unreachable: Answer = () => "no answer";

async function both(a: ReceiverSetUp, b: ReceiverSetUp = {}) {
  const rig = await setUp({ receivers: { a, b } });
  await rig.delivery.openStream(ROOMS);
  await rig.delivery.openStream(FACTS);
  await rig.delivery.start();
  return rig;
}
const streamOf = (received: readonly Received[], source: string) =>
  received
    .flatMap(({ deliveries }) => deliveries)
    .filter((each) => each.source === source)
    .flatMap(({ events }) => events);

describe("two receivers", () => {
  it.each<[string, Answer]>([
    ["is unreachable", unreachable],
    ["refuses every signature", () => ({ status: 401 })],
    ["refuses all content", () => ({ status: 400 })],
    ["asks for snapshots again and again", () => ({ status: 409, json: { want: "snapshot" } })],
    ["acknowledges beyond the top", () => ({ status: 200, json: { acked: 1e9 } })],
    ["never answers", () => new Promise(() => undefined)],
  ])("do not delay each other when one %s", async (_, bad) => {
    const rig = await both({ answers: bad });
    for (let n = 1; n <= 20; n += 1) {
      await rig.append(ROOMS.id, entry(n));
      await rig.append(FACTS.id, entry(n));
      await rig.clock.until(Promise.resolve());
    }
    expect(rig.waiting("b")).toBe(0);
    const said = streamOf(rig.b, ROOMS.id).filter(({ type }) => type === "thing.said");
    expect(said.map(({ data }) => data["n"])).toEqual(upTo(20));
    const facts = factsOf(rig.b).filter(({ type }) => type === "thing.said");
    expect(facts.map(({ data }) => data["n"])).toEqual(upTo(20));
    expect(rig.clock.monotonicMs()).toBeLessThan(60_000);
  });

  it("each get everything once and in order, though one was down for an hour", async () => {
    let isDown = true;
    const rig = await both({ answers: (one) => (isDown ? "no answer" : take(one)) });
    for (let n = 1; n <= 500; n += 1) await rig.append(FACTS.id, entry(n));
    await rig.flush(3_600_000);
    expect(factsOf(rig.b).map(({ data }) => data["n"])).toEqual(upTo(500));
    isDown = false;
    const before = rig.a.length;
    expect(await rig.flush()).toBe(true);
    expect(factsOf(rig.a.slice(before)).map(({ data }) => data["n"])).toEqual(upTo(500));
    const all = rig.a.slice(before).flatMap((one) => seqs(one) ?? []);
    expect(new Set(all).size).toBe(all.length);
  });

  it("have tombstones and snapshots of their own", async () => {
    const refuses: Answer = (one) =>
      one.events.some(({ seq, type }) => seq === 2 && type !== "event.parked") ? { status: 400 } : take(one);
    const rig = await both({ answers: refuses });
    await rig.append(FACTS.id, entry(1), entry(2), entry(3));
    expect(await rig.flush()).toBe(true);
    expect(rig.parked).toEqual([["a", 2]]);
    expect(factsOf(rig.taken["a"] ?? []).map(({ type }) => type)).toEqual([
      "thing.said",
      "event.parked",
      "thing.said",
    ]);
    expect(factsOf(rig.b).map(({ type }) => type)).toEqual(["thing.said", "thing.said", "thing.said"]);
    expect(await rig.store.parkedCount("a")).toBe(1);
    expect(await rig.store.parkedCount("b")).toBe(0);
  });

  it("have bounds of their own: what one gives up the other gets", async () => {
    const rig = await both({ answers: [() => ({ status: 503, retryAfter: "60" })], bounds: { rowsMax: 10 } });
    for (let n = 1; n <= 30; n += 1) await rig.append(ROOMS.id, entry(n));
    await rig.clock.until(Promise.resolve());
    rig.delivery.keepBounded();
    expect(await rig.flush()).toBe(true);
    const [snapshot] = streamOf(rig.a, ROOMS.id).filter(({ type }) => type === "guild.snapshot");
    expect(snapshot?.data["compacted"]).toEqual({ from: 1, to: 30, events: 30 });
    const seen = streamOf(rig.b, ROOMS.id);
    expect(seen.map(({ seq }) => seq)).toEqual(upTo(32));
    expect(seen.filter(({ data }) => "compacted" in data)).toEqual([]);
  });

  it("get replayed events apart: only the one that refused them sees them again", async () => {
    let refuse = true;
    const rig = await both({
      answers: (one) =>
        refuse && one.firstSeq <= 1 && one.events[0]?.type === "thing.said" ? { status: 422 } : take(one),
    });
    await rig.append(FACTS.id, entry(1));
    await rig.flush();
    refuse = false;
    expect(await rig.delivery.replay("a", "")).toBe(1);
    await rig.append(FACTS.id, entry(3));
    await rig.flush();
    expect(factsOf(rig.b).map(({ seq, type }) => [seq, type])).toEqual([
      [1, "thing.said"],
      [2, "event.skipped"],
      [3, "thing.said"],
    ]);
    expect(
      streamOf(rig.a, FACTS.id)
        .slice(-2)
        .map(({ seq, data }) => [seq, data["n"]]),
    ).toEqual([
      [2, 1],
      [3, 3],
    ]);
    expect(await rig.store.parkedCount("a")).toBe(0);
  });
});

describe("a receiver that is added later", () => {
  it("begins with a snapshot in a state stream and with a record of what it missed in a fact stream", async () => {
    const store = createMemoryStore();
    const before = await setUp({ store, receivers: { a: {} } });
    await before.delivery.openStream(ROOMS);
    await before.delivery.openStream(FACTS);
    await before.append(ROOMS.id, entry(1), entry(2));
    await before.append(FACTS.id, entry(1), entry(2), entry(3));
    await before.delivery.start();
    await before.flush();
    await before.delivery.stop();

    const rig = await setUp({ store, receivers: { a: {}, b: {} } });
    await rig.delivery.start();
    await rig.append(FACTS.id, entry(4));
    await rig.flush();
    expect(streamOf(rig.b, ROOMS.id).map(({ seq, type }) => [seq, type])).toEqual([[3, "guild.snapshot"]]);
    const [lost] = streamOf(rig.b, FACTS.id);
    expect(lost).toMatchObject({
      seq: 3,
      type: "events.lost",
      data: { from: 1, to: 3, count: 3, reason: "joined" },
    });
    expect(factsOf(rig.b).at(-1)?.data).toEqual({ n: 4 });
    expect(factsOf([...before.a, ...rig.a]).every(({ type }) => type !== "events.lost")).toBe(true);
  });

  it("has its place forgotten when it is removed, so that it holds nothing up", async () => {
    const store = createMemoryStore();
    const before = await setUp({ store, receivers: { a: {}, b: { answers: unreachable } } });
    await before.delivery.openStream(ROOMS);
    await before.append(ROOMS.id, entry(1));
    await before.delivery.start();
    await before.flush(1_000);
    await before.delivery.stop();
    const rig = await setUp({ store, receivers: { a: {} } });
    await rig.delivery.start();
    await rig.append(ROOMS.id, entry(2));
    await rig.flush();
    expect(rig.removed).toEqual(["b"]);
    expect(await store.read(ROOMS.id, 0, 10)).toEqual([]);
  });
});

describe("the multi form", () => {
  const ids = Array.from({ length: 100 }, (_, n) => String(1_000 + n));

  async function guilds(a: ReceiverSetUp, snapshot = false) {
    const rig = await setUp({ receivers: { a }, status: "live" });
    for (const id of ids) await rig.delivery.openStream({ ...ROOMS, id });
    await rig.delivery.openStream(ROOMS);
    await rig.append(ROOMS.id, entry(0));
    await rig.delivery.start();
    await rig.flush();
    // Once the form is known, each stream is sent with the shards.
    await rig.clock.until(Promise.resolve());
    await rig.flush();
    rig.a.splice(1);
    rig.attempts.splice(0);
    await rig.appendTo(ids, entry(1, snapshot ? { type: "guild.snapshot" } : {}), entry(2));
    return rig;
  }

  it("is used as soon as an answer offers it, with at most 64 streams in a body", async () => {
    const { a, flush, waiting } = await guilds({ multi: true });
    await flush();
    expect(a.map(({ isMulti }) => isMulti)).toEqual([false, ...Array(a.length - 1).fill(true)]);
    expect(Math.max(...a.map(({ deliveries }) => deliveries.length))).toBe(64);
    expect(a.length).toBeLessThan(6);
    expect(waiting()).toBe(0);
    expect(JSON.parse(a[1]?.body ?? "").shards).toEqual([
      { app: "9", id: 0, of: 1, status: "live", since: expect.any(String) },
    ]);
  });

  it("carries at most 8 snapshots in a body", async () => {
    const { a, flush } = await guilds({ multi: true }, true);
    await flush();
    const snapshots = a.map(({ events }) => events.filter(({ type }) => type === "guild.snapshot").length);
    expect(Math.max(...snapshots)).toBe(8);
    expect(snapshots.reduce((sum, count) => sum + count, 0)).toBe(100);
  });

  it("is never used for a receiver that does not offer it", async () => {
    const { a, flush } = await guilds({});
    await flush();
    expect(a.filter(({ isMulti }) => isMulti)).toEqual([]);
  });

  it("is left again for a receiver that does not understand it any more", async () => {
    const answers: Answer = (one) => (one.isMulti ? { status: 400 } : take(one));
    const rig = await guilds({ multi: true });
    await rig.flush();
    await rig.delivery.stop();
    const again = await setUp({
      store: rig.store,
      receivers: { a: { answers } },
    });
    await again.delivery.start();
    await again.append(ROOMS.id, entry(9));
    expect(await again.flush()).toBe(true);
  });

  it("handles each result like the single answer, and sends again what has none", async () => {
    let round = 0;
    let isArmed = false;
    const answers: Answer = (one) => {
      if (!isArmed) return take(one);
      round += 1;
      if (round > 1) return take(one);
      const result = {
        [ids[0] ?? ""]: { want: "snapshot" },
        [ids[1] ?? ""]: { refused: { status: 400, error: "no" } },
      };
      const results = one.deliveries.flatMap(({ source, events }) =>
        source === ids[2] ? [] : [{ source, ...(result[source] ?? { acked: events.at(-1)?.seq }) }],
      );
      return { status: 200, json: { results } };
    };
    const { a, flush, waiting, attempts } = await guilds({ multi: true, answers });
    isArmed = true;
    expect(await flush()).toBe(true);
    expect(streamOf(a, ids[0] ?? "").map(({ type }) => type)).toContain("guild.snapshot");
    // Refused content is halved; a missing result is not.
    const sent = (id: string) =>
      a
        .flatMap(({ deliveries }) => deliveries.filter(({ source }) => source === id))
        .map(({ events }) => events.length);
    expect(sent(ids[1] ?? "")).toEqual([2, 1, 1]);
    expect(sent(ids[2] ?? "")).toEqual([2, 2]);
    expect(waiting()).toBe(0);
    expect(attempts.filter(({ outcome }) => outcome.kind === "contentRefused")).toHaveLength(1);
  });

  it("suspects no stream for another status than 200, and repeats the same message", async () => {
    let failures = 0;
    const answers: Answer = (one) => (failures-- > 0 ? { status: 500 } : take(one));
    const { a, flush, parked } = await guilds({ multi: true, answers });
    failures = 20;
    expect(await flush()).toBe(true);
    const failed = a.slice(1, 21);
    expect(new Set(failed.map(({ id, body }) => `${id} ${body}`)).size).toBe(1);
    expect(parked).toEqual([]);
  });

  it("begins one new epoch for a receiver that is ahead, and stops one that always is", async () => {
    const answers: Answer = (one) =>
      one.isMulti
        ? { status: 200, json: { results: one.deliveries.map(({ source }) => ({ source, acked: 1e6 })) } }
        : take(one);
    const rig = await setUp({ receivers: { a: { multi: true, answers }, b: {} } });
    await rig.delivery.openStream(ROOMS);
    await rig.append(ROOMS.id, entry(1));
    await rig.delivery.start();
    await rig.flush(1_000);
    const before = rig.delivery.stream(ROOMS.id)?.epoch;
    await rig.append(ROOMS.id, entry(2));
    await rig.flush(100_000);
    expect(rig.delivery.stream(ROOMS.id)?.epoch).not.toBe(before);
    expect(rig.stopped).toEqual(["a"]);
    const last = rig.b.at(-1)?.deliveries[0];
    expect(last).toMatchObject({ events: [{ seq: 1, type: "guild.snapshot" }] });
    expect(rig.waiting("b")).toBe(0);
  });

  it("sends an empty delivery after 10 s of silence, and no number is used up for it", async () => {
    const { a, flush, clock, attempts, delivery } = await guilds({ multi: true });
    await flush();
    const [sent, reported] = [a.length, attempts.length];
    const top = delivery.stream(ROOMS.id)?.top;
    await clock.until(new Promise<void>((resolve) => clock.after(35_000, resolve)));
    const beats = a.slice(sent);
    expect(beats.map(({ deliveries, isMulti }) => [deliveries.length, isMulti])).toEqual([
      [0, true],
      [0, true],
      [0, true],
    ]);
    expect(new Set(beats.map(({ atMs }) => atMs)).size).toBe(3);
    expect(attempts.length).toBe(reported);
    expect(delivery.stream(ROOMS.id)?.top).toBe(top);
  });

  it("sends every state stream once with the shards when the receiver begins to take it", async () => {
    const rig = await setUp({ receivers: { a: { multi: true } }, status: "live" });
    for (const id of ["7", "8"]) await rig.delivery.openStream({ ...ROOMS, id });
    await rig.appendTo(["7", "8"], entry(1));
    await rig.delivery.start();
    await rig.flush();
    await rig.clock.until(Promise.resolve());
    await rig.flush();
    const inMulti = rig.a.filter(({ isMulti }) => isMulti).flatMap(({ deliveries }) => deliveries);
    expect(new Set(inMulti.map(({ source }) => source))).toEqual(new Set(["7", "8"]));
  });
});
