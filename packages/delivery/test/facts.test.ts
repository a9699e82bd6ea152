import { describe, expect, it } from "vitest";
import { createMemoryStore } from "../src/store/memory-store.ts";
import { type Answer, entry, FACTS, factsOf, seqs, setUp, take } from "./rig.ts";

const many = (count: number, from = 1) => Array.from({ length: count }, (_, n) => entry(n + from));
const wanted: Answer = () => ({ status: 409, json: { want: "snapshot" } });
const facts = (received: Parameters<typeof factsOf>[0]) =>
  factsOf(received).map(({ seq, type, data }) => (type === "events.lost" ? [seq, data] : seq));
const upTo = (last: number, from = 1) => Array.from({ length: last - from + 1 }, (_, n) => from + n);

async function started(options: Parameters<typeof setUp>[0], count: number) {
  const rig = await setUp({ snapshot: null, ...options });
  await rig.delivery.openStream(FACTS);
  if (count > 0) await rig.append(FACTS.id, ...many(count));
  await rig.delivery.start();
  return rig;
}

describe("a fact stream", () => {
  it("loses nothing to requests for snapshots: all that waits is sent", async () => {
    const { a, flush } = await started({ receivers: { a: { answers: [wanted, wanted, wanted] } } }, 600);
    expect(await flush()).toBe(true);
    expect(facts(a.slice(3))).toEqual(upTo(600));
  });

  it("records what a receiver may lack that lost its place", async () => {
    const { a, flush, append } = await started({ receivers: { a: { answers: [take, wanted] } } }, 3);
    await flush();
    await append(FACTS.id, entry(4), entry(5));
    await flush();
    expect(a.at(-1)?.events.map(({ seq, type, data }) => [seq, type, data])).toEqual([
      [3, "events.lost", { from: 1, to: 3, count: null, reason: "reset" }],
      [4, "thing.said", { n: 4 }],
      [5, "thing.said", { n: 5 }],
    ]);
    expect(a.at(-1)?.id).toMatch(/_3_5_l$/);
  });

  it("gives up the oldest at a bound, with a record of exactly those", async () => {
    const { a, flush, append, delivery, clock, jumps } = await started(
      { receivers: { a: { bounds: { rowsMax: 80 }, answers: [() => "no answer"] } } },
      0,
    );
    await append(FACTS.id, ...many(100));
    await clock.until(Promise.resolve());
    delivery.keepBounded();
    await flush();
    expect(facts(a.slice(1))).toEqual([
      [30, { from: 1, to: 30, count: 30, reason: "bound" }],
      ...upTo(100, 31),
    ]);
    expect(jumps).toHaveLength(1);
  });

  it("counts what is given up twice before it is acknowledged as one loss", async () => {
    const { a, flush, append, delivery, clock } = await started(
      { receivers: { a: { bounds: { rowsMax: 80 }, answers: [() => ({ status: 503, retryAfter: "60" })] } } },
      0,
    );
    for (let round = 0; round < 3; round += 1) {
      await append(FACTS.id, ...many(100));
      await clock.until(Promise.resolve());
      delivery.keepBounded();
      await clock.until(Promise.resolve());
    }
    await flush();
    expect(facts(a.slice(1))).toEqual([
      [230, { from: 1, to: 230, count: 230, reason: "bound" }],
      ...upTo(300, 231),
    ]);
  });

  it("does not count what is acknowledged after it was given up", async () => {
    const answer = Promise.withResolvers<void>();
    const rig = await started(
      {
        receivers: {
          a: {
            bounds: { rowsMax: 80 },
            answers: [async (one) => answer.promise.then(() => take({ ...one, lastSeq: 10 }))],
          },
        },
      },
      0,
    );
    await rig.append(FACTS.id, ...many(100));
    await rig.clock.until(Promise.resolve());
    rig.delivery.keepBounded();
    answer.resolve();
    await rig.flush();
    expect(facts(rig.a)).toEqual(upTo(100));
  });

  it("goes back to any fact within 15 minutes of its acknowledgement, and records what is older", async () => {
    const back: Answer = ({ deliveries }) => ({
      status: 409,
      json: { want: "from", epoch: deliveries[0]?.epoch, seq: 2 },
    });
    const { a, flush, append, delivery, clock } = await started(
      { receivers: { a: { answers: [take, back, take, back] } } },
      4,
    );
    await flush();
    await append(FACTS.id, entry(5));
    await flush();
    expect(a.slice(2).map(seqs)).toEqual([[3, 4, 5]]);
    await clock.until(new Promise<void>((resolve) => clock.after(15 * 60_000, resolve)));
    await delivery.maintain();
    await append(FACTS.id, entry(6));
    await flush();
    expect(a.at(-1)?.events.map(({ seq, type }) => [seq, type])).toEqual([
      [5, "events.lost"],
      [6, "thing.said"],
    ]);
    expect(a.at(-1)?.events[0]?.data).toEqual({ from: 3, to: 5, count: 3, reason: "reset" });
  });

  it("keeps what waits for others in a new epoch, behind a record for each", async () => {
    const ahead: Answer = ({ deliveries, isMulti }) => ({
      status: 200,
      json: isMulti
        ? { results: [{ source: FACTS.id, acked: 900 }] }
        : { acked: 900, epoch: deliveries[0]?.epoch },
    });
    let isDown = true;
    const rig = await started(
      {
        receivers: {
          a: { multi: true, answers: [take, ahead] },
          b: { multi: true, answers: (one) => (isDown ? "no answer" : take(one)) },
        },
      },
      3,
    );
    await rig.flush(1_000);
    const before = rig.delivery.stream(FACTS.id)?.epoch;
    await rig.append(FACTS.id, entry(4), entry(5));
    await rig.flush(1_000);
    isDown = false;
    await rig.append(FACTS.id, entry(6));
    expect(await rig.flush()).toBe(true);
    const epoch = rig.delivery.stream(FACTS.id)?.epoch;
    expect(epoch).not.toBe(before);
    const inEpoch = (received: typeof rig.a) =>
      received
        .filter((one) => received.every(({ id, atMs }) => id !== one.id || atMs <= one.atMs))
        .flatMap(({ deliveries }) => deliveries)
        .filter((each) => each.epoch === epoch)
        .flatMap(({ events }) =>
          events.map(({ seq, type, data }) => [seq, type === "events.lost" ? data : data["n"]]),
        );
    // Numbers 2 to 6 are events 1 to 5; the receiver that is ahead has those.
    expect(inEpoch(rig.a)).toEqual([
      [6, { from: 1, to: 6, count: null, reason: "epoch" }],
      [7, 6],
    ]);
    expect(inEpoch(rig.b)).toEqual([
      [1, { from: 1, to: 1, count: null, reason: "epoch" }],
      [2, 1],
      [3, 2],
      [4, 3],
      [5, 4],
      [6, 5],
      [7, 6],
    ]);
  });

  it("blanks what waits about a subject, and sends it under another id", async () => {
    const rig = await started({ receivers: { a: { answers: [() => "no answer"] } } }, 0);
    const text = (n: number, subject: string) =>
      entry(n, { subject, data: JSON.stringify({ n, text: "hello" }) });
    await rig.append(FACTS.id, text(1, "m1"), text(2, "m2"));
    await rig.clock.until(Promise.resolve());
    await rig.delivery.blank(FACTS.id, "m1");
    await rig.append(FACTS.id, entry(3, { type: "message.deleted" }));
    await rig.flush();
    const [first, second] = rig.a;
    expect(second?.events.map(({ data }) => data["text"])).toEqual(["", "hello", undefined]);
    expect(first?.id).not.toMatch(/_r/);
    expect(second?.id).toMatch(/_1_3_r1$/);
  });

  it("blanks what is due by the clock", async () => {
    const rig = await started(
      { receivers: { a: { answers: [() => ({ status: 503, retryAfter: "3600" })] } } },
      0,
    );
    const blankAtMs = Date.parse("2026-11-21T09:15:00.000Z");
    await rig.append(FACTS.id, entry(1, { blankAtMs, data: '{"n":1,"text":"token"}' }));
    await rig.clock.until(Promise.resolve());
    await rig.delivery.maintain();
    expect(await rig.store.read(FACTS.id, 0, 1)).toMatchObject([{ blanked: 0 }]);
    await rig.clock.until(new Promise<void>((resolve) => rig.clock.after(15 * 60_000, resolve)));
    await rig.delivery.maintain();
    await rig.flush(7_200_000);
    expect(rig.a.map(({ events, id }) => [events[0]?.data["text"], id.slice(-3)])).toEqual([
      ["token", "1_1"],
      ["", "_r1"],
    ]);
  });

  it("stops at a receiver that knows a higher fence, and continues under a fence as high", async () => {
    const store = createMemoryStore();
    const rig = await started(
      { store, receivers: { a: { answers: [() => ({ status: 409, json: { fenced: 7 } })] } } },
      2,
    );
    await rig.flush(100_000);
    await rig.append(FACTS.id, entry(3));
    await rig.flush(100_000);
    expect(rig.a).toHaveLength(1);
    expect(rig.fenced).toEqual([7]);
    await rig.delivery.stop();
    await store.commit([{ op: "fence", stream: FACTS.id, fence: 7 }], { durable: true });
    const again = await setUp({ store, snapshot: null });
    await again.delivery.start();
    expect(await again.flush()).toBe(true);
    expect(again.a[0]?.deliveries[0]).toMatchObject({ fence: 7 });
    expect(seqs(again.a[0])).toEqual([1, 2, 3]);
  });
});
