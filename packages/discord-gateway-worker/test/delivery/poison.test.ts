import { PARKED_EVENT_TYPE } from "@guildwire/events";
import { describe, expect, it } from "vitest";
import type { Batch } from "../../src/delivery/batch.ts";
import type { Outcome } from "../../src/delivery/outcome.ts";
import { EVENT, NOW, seqs, setUp, take } from "./sender-rig.ts";

interface SentEvent {
  readonly seq: number;
  readonly id: string;
  readonly type: string;
  readonly data: Record<string, unknown>;
}

function events(batch: Batch): readonly SentEvent[] {
  return JSON.parse(batch.body).events;
}

function refused(status = 400): Outcome {
  return { kind: "contentRefused", status, detail: "bad event", retryAfterMs: null };
}

function failing(status = 500): Outcome {
  return { kind: "busy", status, detail: "crash", retryAfterMs: null };
}

/** Takes a batch only when none of the poisonous events is in it. */
function allBut(poison: readonly number[], outcome: Outcome = refused()) {
  return (batch: Batch): Outcome =>
    events(batch).some(({ seq, type }) => poison.includes(seq) && type !== PARKED_EVENT_TYPE)
      ? outcome
      : take(batch);
}

function many(count: number) {
  return Array.from({ length: count }, () => EVENT);
}

describe("an event that the receiver refuses", () => {
  it("is found by halving, parked, and replaced by a tombstone at its place", async () => {
    const { store, sender, posted, parked, append, flush } = setUp(allBut([77]));
    append(...many(256));
    sender.start();
    expect(await flush()).toBe(true);
    expect(parked).toEqual([77]);

    const taken = posted.filter((batch) => allBut([77])(batch).kind === "delivered").flatMap(events);
    expect(taken.map(({ seq }) => seq)).toEqual(Array.from({ length: 256 }, (_, index) => index + 1));
    expect(taken[76]).toEqual({
      seq: 77,
      id: `${store.epoch}-77`,
      type: PARKED_EVENT_TYPE,
      timestamp: NOW,
      data: { seq: 77, id: `${store.epoch}-77`, type: "source.status", reason: "400: bad event" },
    });
    expect(store.parkedCount()).toBe(1);
    expect(posted.length).toBeLessThan(30);
  });

  it("is tried alone at least 5 times over at least a minute", async () => {
    const { sender, clock, posted, append, flush } = setUp(allBut([1]));
    const startedMs = clock.monotonicMs();
    append(EVENT);
    sender.start();
    await flush();
    const tries = posted.filter((batch) => events(batch)[0]?.type !== PARKED_EVENT_TYPE);
    expect(tries.length).toBeGreaterThanOrEqual(5);
    expect(clock.monotonicMs() - startedMs).toBeGreaterThanOrEqual(60_000);
    expect(new Set(tries.map(({ id, body }) => `${id} ${body}`)).size).toBe(1);
  });

  it("is taken without more ado when the receiver changes its mind", async () => {
    const { store, sender, posted, parked, append, flush } = setUp([() => refused(), () => refused()]);
    append(...many(4));
    sender.start();
    await flush();
    expect(posted.map(seqs)).toEqual([[1, 2, 3, 4], [1, 2], [1], [2], [3, 4]]);
    expect(parked).toEqual([]);
    expect(store.outboxDepth().waiting).toBe(0);
  });

  it("is parked once for each of several", async () => {
    const { sender, parked, append, flush } = setUp(allBut([3, 4, 200]));
    append(...many(256));
    sender.start();
    expect(await flush()).toBe(true);
    expect(parked).toEqual([3, 4, 200]);
  });

  it("does not lend its message id to the tombstone", async () => {
    const { sender, posted, append, flush } = setUp(allBut([1]));
    append(EVENT);
    sender.start();
    await flush();
    expect(posted.at(-1)?.id).not.toBe(posted[0]?.id);
    expect(posted.at(-1)?.id).toMatch(/^[A-Za-z0-9_-]+$/);
  });

  it("is the only one given up by a receiver that refuses everything", async () => {
    const { store, sender, parked, append, flush } = setUp(() => refused());
    append(...many(10));
    sender.start();
    expect(await flush()).toBe(false);
    expect(parked).toEqual([1]);
    expect(store.outboxDepth().waiting).toBe(10);
  });

  it("leaves the log as it was until it is parked, so that a restart begins again", async () => {
    const { store, sender, append, flush } = setUp(allBut([2]));
    append(...many(3));
    sender.start();
    await flush(30_000);
    expect(store.outboxAfter(0, 10).map(({ seq, type }) => [seq, type])).toEqual([
      [2, "source.status"],
      [3, "source.status"],
    ]);
  });
});

describe("a receiver that takes smaller bodies", () => {
  it("gets half the bytes after each 413, from then on, and nothing is parked", async () => {
    const bytesMax = 9_000;
    const { sender, posted, parked, append, flush } = setUp((batch) =>
      Buffer.byteLength(batch.body) > bytesMax ? refused(413) : take(batch),
    );
    append(...many(200));
    sender.start();
    expect(await flush()).toBe(true);
    expect(parked).toEqual([]);
    const tooLarge = posted.filter(({ body }) => Buffer.byteLength(body) > bytesMax);
    expect(tooLarge.length).toBeLessThanOrEqual(3);
    append(...many(200));
    await flush();
    expect(posted.filter(({ body }) => Buffer.byteLength(body) > bytesMax)).toEqual(tooLarge);
  });
});

describe("a receiver that fails with 5xx", () => {
  it("is waited for, however long it is down, and nothing is given up", async () => {
    let down = 500;
    const { store, sender, posted, parked, append, flush } = setUp((batch) =>
      down-- > 0 ? failing() : take(batch),
    );
    append(...many(8));
    sender.start();
    expect(await flush(36_000_000)).toBe(true);
    expect(parked).toEqual([]);
    expect(store.lastSeq).toBe(8);
    expect(posted.length).toBeGreaterThan(500);
  });

  it("loses the event that makes it crash, once others are seen to pass", async () => {
    const { sender, parked, append, flush } = setUp(allBut([6], failing()));
    append(...many(8));
    sender.start();
    expect(await flush(36_000_000)).toBe(true);
    expect(parked).toEqual([6]);
  });

  it("is shown the last event it took when the bad one is the first of the log", async () => {
    const { sender, posted, parked, append, flush } = setUp(allBut([2], failing()));
    append(EVENT);
    sender.start();
    await flush();
    append(EVENT, EVENT);
    expect(await flush(36_000_000)).toBe(true);
    expect(parked).toEqual([2]);
    const probes = posted.filter((batch) => seqs(batch).includes(1));
    expect(new Set(probes.map(({ id, body }) => `${id} ${body}`)).size).toBe(1);
    expect(probes).toHaveLength(2);
  });

  it("keeps the event when it took nothing else either", async () => {
    const { store, sender, parked, append, flush } = setUp(allBut([1], failing()));
    append(...many(4));
    sender.start();
    expect(await flush(36_000_000)).toBe(false);
    expect(parked).toEqual([]);
    expect(store.outboxDepth().waiting).toBe(4);
  });
});

describe("trouble that is not the event's fault", () => {
  it.each<[string, Outcome]>([
    ["401", { kind: "signatureRefused", status: 401, detail: "", retryAfterMs: null }],
    ["404", { kind: "endpointWrong", status: 404, detail: "", retryAfterMs: null }],
    ["503", failing(503)],
    ["429", failing(429)],
    ["no answer", { kind: "unreachable", detail: "ECONNREFUSED" }],
  ])("never splits or parks a batch: %s", async (_, outcome) => {
    const { store, sender, posted, parked, append, flush } = setUp(() => outcome);
    append(...many(8));
    sender.start();
    expect(await flush(36_000_000)).toBe(false);
    expect(parked).toEqual([]);
    expect(new Set(posted.map(({ id, body }) => `${id} ${body}`)).size).toBe(1);
    expect(store.outboxDepth().waiting).toBe(8);
  });

  it("is retried ever more seldom, a refused signature most seldom", async () => {
    const waits = async (outcome: Outcome) => {
      const { sender, attempts, append, flush } = setUp(() => outcome);
      append(EVENT);
      sender.start();
      await flush(1_000_000);
      return attempts.slice(0, 9).map(({ retryInMs }) => retryInMs);
    };
    expect(await waits(failing(503))).toEqual([500, 1e3, 2e3, 4e3, 8e3, 16e3, 30e3, 30e3, 30e3]);
    const refusal: Outcome = { kind: "signatureRefused", status: 401, detail: "", retryAfterMs: null };
    expect(await waits(refusal)).toEqual([5e3, 10e3, 20e3, 40e3, 80e3, 160e3, 300e3, 300e3, 300e3]);
  });
});

describe("a receiver that asks for a snapshot again and again", () => {
  it("gets the snapshot alone the second time, and the log does not grow", async () => {
    let wishes = 6;
    const { store, sender, posted, append, flush } = setUp((batch) =>
      wishes-- > 0 ? { kind: "snapshotWanted", retryAfterMs: null } : take(batch),
    );
    append(...many(3));
    sender.start();
    expect(await flush()).toBe(true);
    expect(posted.map((batch) => batch.events)).toEqual([3, 4, 1, 1, 1, 1, 1]);
    expect(store.outboxDepth().waiting).toBe(0);
  });
});
