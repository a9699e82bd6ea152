import type { Happening } from "@guildwire/events";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Batch } from "../../src/delivery/batch.ts";
import type { Outcome } from "../../src/delivery/outcome.ts";
import { type Attempt, Sender } from "../../src/delivery/sender.ts";
import { WorkerStore } from "../../src/store/worker-store.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const NOW = "2026-11-21T09:00:00.000Z";
const EVENT: Happening = { type: "source.status", data: { status: "live", since: NOW } };
const SNAPSHOT: Happening = {
  type: "guild.snapshot",
  data: {
    guild: { id: "100", name: "G", iconUrl: null },
    rooms: [],
    categories: [],
    occupants: [],
    status: "live",
  },
};

/** A receiver that answers each POST as the test says; without an answer given it takes everything. */
function setUp(answers: ((batch: Batch) => Outcome)[] = []) {
  const store = WorkerStore.open(temporaryDirectory(), { token: "t", intents: 1, guildId: "100" });
  const posted: Batch[] = [];
  const attempts: Attempt[] = [];
  const take = (batch: Batch): Outcome => ({ kind: "delivered", acked: batch.lastSeq });
  const append = (...happenings: Happening[]) => store.commit({ changes: [], happenings, nowIso: NOW });
  const sender = new Sender({
    source: "100",
    outbox: store,
    post: (batch) => {
      posted.push(batch);
      return Promise.resolve((answers.shift() ?? take)(batch));
    },
    appendSnapshot: () => {
      append(SNAPSHOT);
      return true;
    },
    onAttempt: (attempt) => attempts.push(attempt),
    onFailure: (error) => expect.unreachable(String(error)),
    random: () => 0,
  });
  onTestFinished(async () => {
    await sender.stop();
    store.close();
  });
  return { store, sender, posted, attempts, append };
}

function seqs(batch: Batch | undefined): number[] {
  return JSON.parse(batch?.body ?? "{}").events.map((event: { seq: number }) => event.seq);
}

describe("sender", () => {
  it("sends everything that waits in one POST, in order, and empties the outbox", async () => {
    const { store, sender, posted, append } = setUp();
    append(EVENT, EVENT, EVENT);
    sender.start();
    expect(await sender.flush(5_000)).toBe(true);
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
    const { sender, posted, append } = setUp();
    append(...Array.from({ length: 300 }, () => EVENT));
    sender.start();
    await sender.flush(5_000);
    expect(posted.map((batch) => batch.events)).toEqual([256, 44]);
  });

  it("retries the same batch under the same id, whatever has come meanwhile", async () => {
    const { sender, posted, attempts, append } = setUp([
      () => {
        append(EVENT);
        return { kind: "busy", status: 503, detail: "", retryAfterMs: null };
      },
      () => ({ kind: "unreachable", detail: "ECONNRESET" }),
    ]);
    append(EVENT);
    sender.start();
    await sender.flush(5_000);
    expect(posted.map(seqs)).toEqual([[1], [1], [1], [2]]);
    expect(new Set(posted.slice(0, 3).map(({ id, body }) => `${id} ${body}`)).size).toBe(1);
    expect(attempts.map(({ failures }) => failures)).toEqual([1, 2, 0, 0]);
  });

  it("waits at least as long as the receiver asks", async () => {
    const { sender, attempts, append } = setUp([
      () => ({ kind: "busy", status: 429, detail: "", retryAfterMs: 300 }),
    ]);
    append(EVENT);
    sender.start();
    await sender.flush(5_000);
    expect(attempts[0]?.retryInMs).toBe(300);
  });

  it("answers a wish for a snapshot at once, with all that waits and the snapshot at the end", async () => {
    const { sender, posted, attempts, append } = setUp([() => ({ kind: "snapshotWanted" })]);
    append(EVENT, EVENT);
    sender.start();
    await sender.flush(5_000);
    expect(posted.map(seqs)).toEqual([
      [1, 2],
      [1, 2, 3],
    ]);
    expect(attempts[0]?.retryInMs).toBe(0);
  });

  it("puts the snapshot within reach of a receiver that is far behind", async () => {
    const { store, sender, posted, append } = setUp([() => ({ kind: "snapshotWanted" })]);
    append(...Array.from({ length: 600 }, () => EVENT));
    sender.start();
    await sender.flush(5_000);
    expect(seqs(posted[1]).at(-1)).toBe(601);
    expect(store.outboxDepth().waiting).toBe(0);
  });

  it("goes on behind a prefix that was taken", async () => {
    const { sender, posted, append } = setUp([() => ({ kind: "delivered", acked: 1 })]);
    append(EVENT, EVENT);
    sender.start();
    await sender.flush(5_000);
    expect(posted.map(seqs)).toEqual([[1, 2], [2]]);
  });

  it("begins a new epoch with a snapshot when the receiver is ahead of the log", async () => {
    const { store, sender, posted, append } = setUp([() => ({ kind: "delivered", acked: 900 })]);
    append(EVENT);
    const { epoch } = store;
    sender.start();
    await sender.flush(5_000);
    expect(store.epoch).not.toBe(epoch);
    expect(JSON.parse(posted[1]?.body ?? "")).toMatchObject({ events: [{ seq: 1, type: "guild.snapshot" }] });
  });

  it("gives up waiting at the deadline and keeps what waits", async () => {
    const { store, sender, append } = setUp([
      () => ({ kind: "busy", status: 503, detail: "", retryAfterMs: 60_000 }),
    ]);
    append(EVENT);
    sender.start();
    expect(await sender.flush(20)).toBe(false);
    await sender.stop();
    expect(store.outboxDepth().waiting).toBe(1);
  });
});
