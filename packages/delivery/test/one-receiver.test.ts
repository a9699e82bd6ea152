import { describe, expect, it } from "vitest";
import { type Answer, AT, entry, FACTS, ROOMS, SNAPSHOT, seqs, setUp, take } from "./rig.ts";

const busy =
  (retryAfter?: string): Answer =>
  () => ({ status: 503, ...(retryAfter && { retryAfter }) });
const wanted: Answer = () => ({ status: 409, json: { want: "snapshot" } });
const many = (count: number) => Array.from({ length: count }, (_, n) => entry(n));

async function rooms(options: Parameters<typeof setUp>[0] = {}, count = 0) {
  const rig = await setUp(options);
  const { epoch } = await rig.delivery.openStream(ROOMS);
  if (count > 0) await rig.append(ROOMS.id, ...many(count));
  await rig.delivery.start();
  return { ...rig, epoch };
}
const answering = (...answers: Answer[]) => ({ receivers: { a: { answers } } });

describe("a state stream and one receiver", () => {
  it("sends everything that waits in one POST, in order, and empties the log", async () => {
    const { epoch, a, flush, waiting, store } = await rooms({}, 3);
    expect(await flush()).toBe(true);
    expect(a.map(seqs)).toEqual([[1, 2, 3]]);
    expect(JSON.parse(a[0]?.body ?? "")).toMatchObject({
      source: "100",
      epoch,
      events: [{ seq: 1, id: `${epoch}-1`, type: "thing.said", timestamp: AT, data: { n: 0 } }, {}, {}],
    });
    expect(a[0]?.id).toBe(`${epoch}_1_3`);
    expect(waiting()).toBe(0);
    expect(await store.read(ROOMS.id, 0, 10)).toEqual([]);
  });

  it("bounds a batch by 256 events", async () => {
    const { a, flush } = await rooms({}, 300);
    await flush();
    expect(a.map(({ events }) => events.length)).toEqual([256, 44]);
  });

  it("retries the same batch under the same id, also when more has come", async () => {
    const rig = await rooms({
      receivers: {
        a: {
          answers: [
            async () => {
              await rig.append(ROOMS.id, entry(2));
              return { status: 503 };
            },
            () => "no answer",
          ],
        },
      },
    });
    await rig.append(ROOMS.id, entry(1));
    await rig.flush();
    expect(rig.a.map(seqs)).toEqual([[1], [1], [1], [2]]);
    expect(new Set(rig.a.slice(0, 3).map(({ id, body }) => `${id} ${body}`)).size).toBe(1);
    expect(rig.attempts.map(({ failures }) => failures)).toEqual([1, 2, 0, 0]);
  });

  it("waits at least as long as the receiver asks", async () => {
    const { attempts, flush } = await rooms(answering(busy("7")), 1);
    await flush();
    expect(attempts[0]?.retryInMs).toBe(7_000);
  });

  it("answers a request for a snapshot at once, with all that waits and the snapshot at the end", async () => {
    const { a, attempts, flush } = await rooms(answering(wanted), 2);
    await flush();
    expect(a.map(seqs)).toEqual([
      [1, 2],
      [1, 2, 3],
    ]);
    expect(attempts[0]?.retryInMs).toBe(0);
  });

  it.each([[1], [2]])(
    "sends a snapshot in parts from the first on, in order, after %i requests",
    async (requests) => {
      const part = (n: number) => ({
        ...SNAPSHOT,
        data: JSON.stringify({ n, text: "R".repeat(150 * 1_024) }),
      });
      const snapshot = Array.from({ length: 12 }, (_, n) => part(n));
      const answers = Array.from({ length: requests }, () => wanted);
      const { a, flush, waiting } = await rooms({ ...answering(...answers), snapshot }, 300);
      await flush();
      const sent = a.slice(requests).flatMap(({ events }) => events);
      expect(sent.filter(({ type }) => type === SNAPSHOT.type).map(({ data }) => data["n"])).toEqual(
        Array.from({ length: 12 }, (_, n) => n),
      );
      expect(sent.at(-1)?.type).toBe(requests === 1 ? SNAPSHOT.type : "source.status");
      expect(waiting()).toBe(0);
    },
  );

  it("puts the snapshot within reach of a receiver that is far behind", async () => {
    const { a, flush, waiting } = await rooms(answering(wanted), 600);
    await flush();
    expect(seqs(a[1])?.at(-1)).toBe(601);
    expect(a).toHaveLength(2);
    expect(waiting()).toBe(0);
  });

  it("sends the snapshot alone to the second request, with the numbers that it replaces", async () => {
    let requests = 3;
    const { a, flush, waiting, jumps } = await rooms(
      { receivers: { a: { answers: (one) => (requests-- > 0 ? wanted(one) : take(one)) } } },
      3,
    );
    expect(await flush()).toBe(true);
    expect(a.map(({ events }) => events.map(({ type }) => type))).toEqual([
      ["thing.said", "thing.said", "thing.said"],
      ["thing.said", "thing.said", "thing.said", "guild.snapshot"],
      ["guild.snapshot", "source.status"],
      ["guild.snapshot", "source.status"],
    ]);
    // What was given up before is counted together: three events, a snapshot, a snapshot with its status.
    expect(a.at(-1)?.events.map(({ data }) => data["compacted"])).toEqual([
      { from: 1, to: 6, events: 6 },
      { from: 1, to: 6, events: 6 },
    ]);
    expect(jumps).toHaveLength(2);
    expect(waiting()).toBe(0);
  });

  it("slows down for a receiver that asks for snapshots again and again", async () => {
    const { attempts, flush } = await rooms({ receivers: { a: { answers: wanted } } }, 1);
    expect(await flush(3_600_000)).toBe(false);
    expect(attempts.slice(-3).map(({ retryInMs }) => retryInMs)).toEqual([300_000, 300_000, 300_000]);
  });

  it("continues behind a prefix that was acknowledged", async () => {
    const { a, flush, waiting } = await rooms(
      answering(() => ({ status: 200, json: { acked: 1 } })),
      2,
    );
    await flush();
    expect(a.map(seqs)).toEqual([[1, 2], [2]]);
    expect(waiting()).toBe(0);
  });

  it("goes back to where a receiver asks, while the log has that", async () => {
    const rig = await rooms({
      receivers: {
        a: { answers: [take, () => ({ status: 409, json: { want: "from", epoch: rig.epoch, seq: 1 } })] },
        b: { answers: () => "no answer" },
      },
    });
    await rig.append(ROOMS.id, entry(1), entry(2));
    await rig.clock.until(Promise.resolve());
    await rig.append(ROOMS.id, entry(3));
    await rig.flush(5_000);
    expect(rig.a.map(seqs)).toEqual([[1, 2], [3], [2, 3]]);
  });

  it("stops a receiver of the single form that acknowledges what was never sent", async () => {
    const { a, flush, stopped, append, waiting } = await rooms(
      answering(() => ({ status: 200, json: { acked: 900 } })),
      1,
    );
    expect(await flush(1_000)).toBe(false);
    await append(ROOMS.id, entry(2));
    await flush(600_000);
    expect(stopped).toEqual(["a"]);
    expect(a).toHaveLength(1);
    expect(waiting()).toBe(2);
  });

  it("repeats the status under a new number after 10 s, and stores nothing for it", async () => {
    const { a, clock, flush, store, append, epoch } = await rooms({ status: "live" }, 1);
    await flush();
    await clock.until(new Promise<void>((resolve) => clock.after(21_000, resolve)));
    await append(ROOMS.id, entry(2));
    await flush();
    expect(a.flatMap(({ events }) => events.map(({ seq, type }) => [seq, type]))).toEqual([
      [1, "thing.said"],
      [2, "source.status"],
      [3, "source.status"],
      [4, "thing.said"],
    ]);
    expect(a[1]?.events[0]).toMatchObject({ id: `${epoch}-2`, data: { status: "live", since: AT } });
    expect(await store.read(ROOMS.id, 0, 10)).toEqual([]);
  });

  it("repeats no status while something waits", async () => {
    const { a, flush, delivery } = await rooms(
      { status: "live", receivers: { a: { answers: () => "no answer" } } },
      1,
    );
    await flush(100_000);
    expect(delivery.stream(ROOMS.id)?.top).toBe(1);
    expect(new Set(a.map(({ body }) => body)).size).toBe(1);
  });

  it("gives up waiting at the deadline and keeps what waits", async () => {
    const { flush, delivery, waiting, store } = await rooms(answering(busy("60")), 1);
    expect(await flush(20)).toBe(false);
    await delivery.stop();
    expect(waiting()).toBe(1);
    expect(await store.read(ROOMS.id, 0, 10)).toHaveLength(1);
  });

  it("replaces what is above a bound by a snapshot, also while a request fails", async () => {
    const rig = await rooms({
      receivers: { a: { answers: [busy("3600")], bounds: { rowsMax: 10 } } },
    });
    await rig.append(ROOMS.id, ...many(11));
    await rig.clock.until(Promise.resolve());
    rig.delivery.keepBounded();
    expect(await rig.flush(7_200_000)).toBe(true);
    expect(rig.a.map(({ events }) => events.map(({ seq, type }) => `${seq} ${type}`)).at(-1)).toEqual([
      "12 guild.snapshot",
      "13 source.status",
    ]);
    expect(rig.a.at(-1)?.events[0]?.data).toEqual({
      whole: true,
      compacted: { from: 1, to: 11, events: 11 },
    });
    expect(rig.jumps.map(([, , { reason }]) => reason)).toEqual(["bound"]);
  });

  it("continues from its cursor after a restart, and repeats no number", async () => {
    const first = await rooms({}, 2);
    await first.flush();
    await first.append(ROOMS.id, entry(3));
    await first.delivery.stop();
    const again = await setUp({ store: first.store });
    await again.delivery.start();
    await again.append(ROOMS.id, entry(4));
    await again.flush();
    expect(again.a.flatMap((one) => seqs(one) ?? []).at(-1)).toBe(4);
    expect(again.a[0]?.deliveries[0]?.epoch).toBe(first.epoch);
  });
});

describe("a fact stream and one receiver", () => {
  it("is sent beside the state, and neither waits for the other", async () => {
    const rig = await setUp({
      receivers: {
        a: { answers: (one) => (one.deliveries[0]?.source === ROOMS.id ? "no answer" : take(one)) },
      },
    });
    await rig.delivery.openStream(ROOMS);
    await rig.delivery.openStream(FACTS);
    await rig.append(ROOMS.id, entry(1));
    await rig.append(FACTS.id, entry(1), entry(2));
    await rig.delivery.start();
    expect(await rig.flush(5_000)).toBe(false);
    expect(rig.a.filter(({ deliveries }) => deliveries[0]?.source === FACTS.id).map(seqs)).toEqual([[1, 2]]);
  });

  it("retries an interaction after 50, 100, 250, 500 ms and then each second, with the time of each attempt", async () => {
    const clicks = {
      id: "app/9/100/interactions",
      kind: "fact",
      family: "interactions",
      lane: "interactions",
    } as const;
    const { a, delivery, append, flush, parked } = await setUp({
      receivers: { a: { answers: [...Array(7)].map((): Answer => () => ({ status: 400 })) } },
    });
    await delivery.openStream(clicks);
    await append(clicks.id, entry(1));
    await delivery.start();
    await flush();
    const waits = a.map(({ atMs }, index) => atMs - (a[index - 1]?.atMs ?? 0)).slice(1);
    expect(waits).toEqual([50, 100, 250, 500, 1_000, 1_000, 1_000]);
    expect(a.every(({ sentAt }) => sentAt)).toBe(true);
    expect(parked).toEqual([]);
  });
});
