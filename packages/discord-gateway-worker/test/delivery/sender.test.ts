import { describe, expect, it } from "vitest";
import { EVENT, NOW, SNAPSHOT, seqs, setUp } from "./sender-rig.ts";

describe("sender", () => {
  it("sends everything that waits in one POST, in order, and empties the outbox", async () => {
    const { store, sender, posted, append, flush } = setUp();
    append(EVENT, EVENT, EVENT);
    sender.start();
    expect(await flush()).toBe(true);
    expect(posted.map(seqs)).toEqual([[1, 2, 3]]);
    expect(JSON.parse(posted[0]?.body ?? "")).toMatchObject({
      source: "100",
      epoch: store.epoch,
      events: [{ seq: 1, id: `${store.epoch}-1`, type: "source.status", timestamp: NOW }, {}, {}],
    });
    expect(posted[0]?.id).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(store.outboxDepth().waiting).toBe(0);
  });

  it("bounds a batch by 256 events", async () => {
    const { sender, posted, append, flush } = setUp();
    append(...Array.from({ length: 300 }, () => EVENT));
    sender.start();
    await flush();
    expect(posted.map((batch) => batch.events)).toEqual([256, 44]);
  });

  it("retries the same batch under the same id, whatever has come meanwhile", async () => {
    const { sender, posted, attempts, append, flush } = setUp([
      () => {
        append(EVENT);
        return { kind: "busy", status: 503, detail: "", retryAfterMs: null };
      },
      () => ({ kind: "unreachable", detail: "ECONNRESET" }),
    ]);
    append(EVENT);
    sender.start();
    await flush();
    expect(posted.map(seqs)).toEqual([[1], [1], [1], [2]]);
    expect(new Set(posted.slice(0, 3).map(({ id, body }) => `${id} ${body}`)).size).toBe(1);
    expect(attempts.map(({ failures }) => failures)).toEqual([1, 2, 0, 0]);
  });

  it("waits at least as long as the receiver asks", async () => {
    const { sender, attempts, append, flush } = setUp([
      () => ({ kind: "busy", status: 429, detail: "", retryAfterMs: 700 }),
    ]);
    append(EVENT);
    sender.start();
    await flush();
    expect(attempts[0]?.retryInMs).toBe(700);
  });

  it("answers a wish for a snapshot at once, with all that waits and the snapshot at the end", async () => {
    const { sender, posted, attempts, append, flush } = setUp([
      () => ({ kind: "snapshotWanted", retryAfterMs: null }),
    ]);
    append(EVENT, EVENT);
    sender.start();
    await flush();
    expect(posted.map(seqs)).toEqual([
      [1, 2],
      [1, 2, 3],
    ]);
    expect(attempts[0]?.retryInMs).toBe(0);
  });

  it("sends a snapshot that is too large for company alone, and never what follows it in its place", async () => {
    const large = structuredClone(SNAPSHOT) as typeof SNAPSHOT & { data: { guild: { name: string } } };
    large.data.guild.name = "G".repeat(300 * 1024);
    const wanted = () => ({ kind: "snapshotWanted", retryAfterMs: null }) as const;
    const { sender, posted, append, flush } = setUp([wanted, wanted], [large, EVENT]);
    append(EVENT, EVENT);
    sender.start();
    await flush();
    const firstTypes = posted.map((batch) => JSON.parse(batch.body).events[0].type);
    expect(firstTypes).toEqual(["source.status", "guild.snapshot", "guild.snapshot", "source.status"]);
  });

  it.each([[1], [2]])(
    "sends a snapshot in parts from the first on, in order, to a wish that was told %i times",
    async (wishes) => {
      const large = structuredClone(SNAPSHOT) as typeof SNAPSHOT & { data: { rooms: unknown[] } };
      large.data.rooms = Array.from({ length: 12 }, (_, id) => ({
        id: String(id),
        name: "R".repeat(150 * 1024),
      }));
      const wanted = () => ({ kind: "snapshotWanted", retryAfterMs: null }) as const;
      const answers = Array.from({ length: wishes }, () => wanted);
      const { store, sender, posted, append, flush } = setUp(answers, [large, EVENT]);
      append(...Array.from({ length: 300 }, () => EVENT));
      sender.start();
      await flush();
      const told = posted
        .slice(wishes)
        .flatMap((batch) => JSON.parse(batch.body).events as { type: string; data: { part?: number } }[]);
      expect(told.flatMap(({ data }) => data.part ?? [])).toEqual(
        Array.from({ length: 12 }, (_, index) => index + 1),
      );
      expect(told.at(-1)?.type).toBe(wishes === 1 ? "snapshot.part" : "source.status");
      expect(store.outboxDepth().waiting).toBe(0);
    },
  );

  it("puts the snapshot within reach of a receiver that is far behind", async () => {
    const { store, sender, posted, append, flush } = setUp([
      () => ({ kind: "snapshotWanted", retryAfterMs: null }),
    ]);
    append(...Array.from({ length: 600 }, () => EVENT));
    sender.start();
    await flush();
    expect(seqs(posted[1]).at(-1)).toBe(601);
    expect(store.outboxDepth().waiting).toBe(0);
  });

  it("goes on behind a prefix that was taken", async () => {
    const { sender, posted, append, flush } = setUp([() => ({ kind: "delivered", acked: 1 })]);
    append(EVENT, EVENT);
    sender.start();
    await flush();
    expect(posted.map(seqs)).toEqual([[1, 2], [2]]);
  });

  it("begins a new epoch with a snapshot when the receiver is ahead of the log", async () => {
    const { store, sender, posted, append, flush } = setUp([() => ({ kind: "delivered", acked: 900 })]);
    append(EVENT);
    const { epoch } = store;
    sender.start();
    await flush();
    expect(store.epoch).not.toBe(epoch);
    expect(JSON.parse(posted[1]?.body ?? "")).toMatchObject({ events: [{ seq: 1, type: "guild.snapshot" }] });
  });

  it("gives up waiting at the deadline and keeps what waits", async () => {
    const { store, sender, append, flush } = setUp([
      () => ({ kind: "busy", status: 503, detail: "", retryAfterMs: 60_000 }),
    ]);
    append(EVENT);
    sender.start();
    expect(await flush(20)).toBe(false);
    await sender.stop();
    expect(store.outboxDepth().waiting).toBe(1);
  });

  it("does not try on with what has given way to a snapshot", async () => {
    const { store, sender, posted, append, flush } = setUp([
      () => {
        store.compact(() => [SNAPSHOT], NOW);
        sender.supersede();
        return { kind: "busy", status: 503, detail: "", retryAfterMs: null };
      },
    ]);
    append(EVENT, EVENT, EVENT);
    sender.start();
    expect(await flush()).toBe(true);
    expect(posted.map(seqs)).toEqual([[1, 2, 3], [4]]);
  });
});
