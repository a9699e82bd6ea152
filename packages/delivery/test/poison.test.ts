import { describe, expect, it } from "vitest";
import { type Answer, AT, entry, type Received, ROOMS, seqs, setUp, take } from "./rig.ts";

const refused =
  (status = 400): Answer =>
  () => ({ status, json: { error: "bad event" } });
const many = (count: number) => Array.from({ length: count }, (_, n) => entry(n));

/** Acknowledges a batch only when none of the poisonous events is in it. */
function allBut(poison: readonly number[], answer: Answer = refused()): Answer {
  return (one) =>
    one.events.some(({ seq, type }) => poison.includes(seq) && type !== "event.parked")
      ? answer(one)
      : take(one);
}

async function rooms(answers: Answer | Answer[], count: number) {
  const rig = await setUp({ receivers: { a: { answers } }, snapshot: null });
  await rig.delivery.openStream(ROOMS);
  if (count > 0) await rig.append(ROOMS.id, ...many(count));
  await rig.delivery.start();
  return rig;
}
const bodies = (received: readonly Received[]) => new Set(received.map(({ id, body }) => `${id} ${body}`));

describe("an event that the receiver refuses", () => {
  it("is found by halving, parked, and replaced by a tombstone in its place", async () => {
    const { a, flush, parked, store, delivery } = await rooms(allBut([77]), 256);
    const { epoch } = delivery.stream(ROOMS.id) ?? {};
    expect(await flush()).toBe(true);
    expect(parked).toEqual([["a", 77]]);
    const taken = a.filter(
      (one) => !one.events.some(({ seq, type }) => seq === 77 && type !== "event.parked"),
    );
    expect(taken.flatMap((one) => seqs(one) ?? [])).toEqual(Array.from({ length: 256 }, (_, n) => n + 1));
    expect(taken.flatMap(({ events }) => events)[76]).toEqual({
      seq: 77,
      id: `${epoch}-77`,
      type: "event.parked",
      timestamp: AT,
      data: { seq: 77, id: `${epoch}-77`, type: "thing.said", reason: "400: bad event" },
    });
    expect(await store.parkedCount("a")).toBe(1);
    expect(a.length).toBeLessThan(30);
  });

  it("is tried alone at least 5 times over at least a minute, and its tombstone has another id", async () => {
    const { a, flush, clock } = await rooms(allBut([1]), 1);
    const startedMs = clock.monotonicMs();
    await flush();
    const tries = a.filter(({ events }) => events[0]?.type !== "event.parked");
    expect(tries.length).toBeGreaterThanOrEqual(5);
    expect(clock.monotonicMs() - startedMs).toBeGreaterThanOrEqual(60_000);
    expect(bodies(tries).size).toBe(1);
    expect(a.at(-1)?.id).toMatch(/_1_1_p1$/);
  });

  it("is acknowledged without more ado when the receiver takes it after all", async () => {
    const { a, flush, parked, waiting } = await rooms([refused(), refused()], 4);
    await flush();
    expect(a.map(seqs)).toEqual([[1, 2, 3, 4], [1, 2], [1], [2], [3, 4]]);
    expect(parked).toEqual([]);
    expect(waiting()).toBe(0);
  });

  it("is parked once for each of several", async () => {
    const { flush, parked } = await rooms(allBut([3, 4, 200]), 256);
    expect(await flush()).toBe(true);
    expect(parked).toEqual([
      ["a", 3],
      ["a", 4],
      ["a", 200],
    ]);
  });

  it("is the only one given up by a receiver that refuses everything", async () => {
    const { flush, parked, waiting } = await rooms(refused(), 10);
    expect(await flush()).toBe(false);
    expect(parked).toEqual([["a", 1]]);
    expect(waiting()).toBe(10);
  });

  it("still has its tombstone after a restart", async () => {
    const first = await rooms(
      [...Array(40)].map(() => refused()),
      2,
    );
    await first.flush(100_000);
    expect(first.parked).toEqual([["a", 1]]);
    await first.delivery.stop();
    const again = await setUp({ store: first.store });
    await again.delivery.start();
    await again.flush();
    expect(again.a[0]?.events.map(({ type }) => type)).toEqual(["event.parked", "thing.said"]);
  });
});

describe("a receiver that takes smaller bodies", () => {
  it("gets half the bytes after each 413, from then on, and nothing is parked", async () => {
    const bytesMax = 9_000;
    const { a, flush, parked, append } = await rooms(
      (one) => (Buffer.byteLength(one.body) > bytesMax ? { status: 413 } : take(one)),
      200,
    );
    expect(await flush()).toBe(true);
    expect(parked).toEqual([]);
    const tooLarge = a.filter(({ body }) => Buffer.byteLength(body) > bytesMax);
    expect(tooLarge.length).toBeLessThanOrEqual(3);
    await append(ROOMS.id, ...many(200));
    await flush();
    expect(a.filter(({ body }) => Buffer.byteLength(body) > bytesMax)).toEqual(tooLarge);
  });
});

describe("a receiver that fails with 5xx", () => {
  it("is waited for, and nothing is given up", async () => {
    let down = 500;
    const { a, flush, parked, delivery } = await rooms(
      (one) => (down-- > 0 ? { status: 500 } : take(one)),
      8,
    );
    expect(await flush(36_000_000)).toBe(true);
    expect(parked).toEqual([]);
    expect(delivery.stream(ROOMS.id)?.top).toBe(8);
    expect(a.length).toBeGreaterThan(500);
  });

  it("loses the event that makes it crash, once others are seen to pass", async () => {
    const { flush, parked } = await rooms(allBut([6], refused(500)), 8);
    expect(await flush(36_000_000)).toBe(true);
    expect(parked).toEqual([["a", 6]]);
  });

  it("is sent the last acknowledged event once more when the bad one is the first of the log", async () => {
    const { a, flush, parked, append } = await rooms(allBut([2], refused(500)), 1);
    await flush();
    await append(ROOMS.id, entry(2), entry(3));
    expect(await flush(36_000_000)).toBe(true);
    expect(parked).toEqual([["a", 2]]);
    const probes = a.filter((one) => seqs(one)?.includes(1));
    expect(bodies(probes).size).toBe(1);
    expect(probes).toHaveLength(2);
  });

  it("keeps the event when it acknowledged nothing else either", async () => {
    const { flush, parked, waiting } = await rooms(allBut([1], refused(500)), 4);
    expect(await flush(36_000_000)).toBe(false);
    expect(parked).toEqual([]);
    expect(waiting()).toBe(4);
  });
});

describe("trouble that is not the event's fault", () => {
  it.each<[string, Answer]>([
    ["401", refused(401)],
    ["404", refused(404)],
    ["503", refused(503)],
    ["429", refused(429)],
    ["no answer", () => "no answer"],
  ])("never splits or parks a batch: %s", async (_, answer) => {
    const { a, flush, parked, waiting } = await rooms(answer, 8);
    expect(await flush(36_000_000)).toBe(false);
    expect(parked).toEqual([]);
    expect(bodies(a).size).toBe(1);
    expect(waiting()).toBe(8);
  });

  it("is retried ever more seldom, a refused signature most seldom", async () => {
    const waits = async (answer: Answer) => {
      const { attempts, flush } = await rooms(answer, 1);
      await flush(1_000_000);
      return attempts.slice(0, 9).map(({ retryInMs }) => retryInMs);
    };
    expect(await waits(refused(503))).toEqual([500, 1e3, 2e3, 4e3, 8e3, 16e3, 30e3, 30e3, 30e3]);
    expect(await waits(refused(401))).toEqual([5e3, 10e3, 20e3, 40e3, 80e3, 160e3, 300e3, 300e3, 300e3]);
  });
});
