/** What every `DeliveryStore` has to do, as a list of checks that need no test framework. */
import assert from "node:assert/strict";
import type { Cursor } from "../cursor.ts";
import type { DeliveryStore, LogChange, LogEntry, NewEntry } from "../store/delivery-store.ts";
import type { StreamDefinition } from "../stream.ts";

export interface StoreUnderTest {
  readonly store: DeliveryStore;
  /** Ends the store as a killed process does, and opens what it left. */
  reopen(): Promise<DeliveryStore>;
}

export interface StoreCheck {
  readonly title: string;
  readonly run: (made: StoreUnderTest) => Promise<void>;
}

const AT = "2026-12-01T09:00:00.000Z";
const ROOMS: StreamDefinition = { id: "100", kind: "state", family: "rooms", lane: "state" };
const FACTS: StreamDefinition = { id: "100/made-up", kind: "fact", family: "made_up", lane: "facts" };

const durable = { durable: true } as const;
const entry = (n: number, more: Partial<NewEntry> = {}): NewEntry => ({
  type: "thing.said",
  timestamp: AT,
  data: JSON.stringify({ n, text: `text ${n}` }),
  ...more,
});
const cursor = (receiver: string, stream: string, seq: number): Cursor => ({
  receiver,
  stream,
  seq,
  jump: null,
  fence: 0,
});
const opening = (stream: StreamDefinition, cursors: readonly Cursor[] = []): LogChange => ({
  op: "open",
  stream,
  epoch: "e1",
  cursors,
});
const appending = (stream: string, ...entries: readonly NewEntry[]): LogChange => ({
  op: "append",
  stream,
  entries,
});
const parking = (receiver: string, seq: number, parkedAt = AT): LogChange => ({
  op: "park",
  parked: { receiver, stream: FACTS.id, seq, parkedAt, reason: "400: no", tries: 5 },
});
const numbers = (entries: readonly LogEntry[]) => entries.map(({ seq }) => seq);
const contents = (entries: readonly { readonly data: string }[]) =>
  entries.map(({ data }) => (JSON.parse(data) as { readonly n: number }).n);
const blank = ({ data }: { readonly data: string }) => JSON.stringify({ ...JSON.parse(data), text: "" });

export const storeChecks: readonly StoreCheck[] = [
  {
    title: "numbers each stream from 1 without holes, also across commits that arrive together",
    async run({ store }) {
      await store.commit([opening(ROOMS), opening(FACTS)], durable);
      const results = await Promise.all([
        store.commit([appending(ROOMS.id, entry(1), entry(2))], durable),
        store.commit([appending(FACTS.id, entry(3)), appending(ROOMS.id, entry(4))], durable),
        store.commit([appending(FACTS.id, entry(5))], durable),
      ]);
      assert.deepEqual(
        results.flat().map((result) => (result.op === "append" ? [result.stream, result.top] : null)),
        [
          ["100", 2],
          ["100/made-up", 1],
          ["100", 3],
          ["100/made-up", 2],
        ],
      );
      assert.deepEqual(contents(await store.read(ROOMS.id, 0, 10)), [1, 2, 4]);
      assert.deepEqual(contents(await store.read(FACTS.id, 0, 10)), [3, 5]);
    },
  },
  {
    title: "reads a stream in order behind a number, as much as is asked for, and nothing of other streams",
    async run({ store }) {
      await store.commit([opening(ROOMS), opening(FACTS)], durable);
      const entries = Array.from({ length: 20 }, (_, index) => entry(index));
      await store.commit([appending(ROOMS.id, ...entries), appending(FACTS.id, ...entries)], durable);
      assert.deepEqual(numbers(await store.read(ROOMS.id, 5, 4)), [6, 7, 8, 9]);
      assert.deepEqual(numbers(await store.read(ROOMS.id, 20, 4)), []);
      assert.deepEqual(numbers(await store.read("not/opened", 0, 4)), []);
    },
  },
  {
    title: "keeps streams, cursors, entries and tombstones over a restart",
    async run({ store, reopen }) {
      const jump = { from: 1, to: 2, count: 2, reason: "bound", through: 2 } as const;
      await store.commit([opening(FACTS, [cursor("a", FACTS.id, 0)])], durable);
      await store.commit([appending(FACTS.id, entry(1), entry(2), entry(3)), parking("a", 3)], durable);
      await store.commit([{ op: "move", cursor: { ...cursor("a", FACTS.id, 1), jump } }], { durable: false });
      await store.commit([{ op: "fence", stream: FACTS.id, fence: 7 }], durable);
      const again = await reopen();
      const { streams, cursors, tombstones } = await again.load();
      assert.deepEqual(streams, [{ ...FACTS, epoch: "e1", top: 3, fence: 7 }]);
      assert.deepEqual(cursors, [{ ...cursor("a", FACTS.id, 1), jump }]);
      assert.deepEqual(
        tombstones.map(({ receiver, seq, type }) => [receiver, seq, type]),
        [["a", 3, "thing.said"]],
      );
      assert.deepEqual(numbers(await again.read(FACTS.id, 0, 10)), [1, 2, 3]);
      await again.commit([appending(FACTS.id, entry(4))], durable);
      assert.deepEqual(numbers(await again.read(FACTS.id, 3, 10)), [4]);
    },
  },
  {
    title: "opens a stream once, and leaves its cursors alone when it exists",
    async run({ store }) {
      await store.commit([opening(ROOMS, [cursor("a", ROOMS.id, 0)])], durable);
      await store.commit([{ op: "move", cursor: cursor("a", ROOMS.id, 9) }], durable);
      const [again] = await store.commit(
        [{ op: "open", stream: ROOMS, epoch: "e2", cursors: [cursor("a", ROOMS.id, 0)] }],
        durable,
      );
      assert.ok(again?.op === "opened" && !again.isNew && again.stream.epoch === "e1");
      assert.deepEqual((await store.load()).cursors, [cursor("a", ROOMS.id, 9)]);
    },
  },
  {
    title: "gives a number out once, whatever became of the entries before it",
    async run({ store, reopen }) {
      await store.commit([opening(ROOMS), appending(ROOMS.id, entry(1), entry(2))], durable);
      await store.commit([{ op: "prune", stream: ROOMS.id, throughSeq: 2 }], durable);
      const again = await reopen();
      await again.commit([{ op: "append", stream: ROOMS.id, entries: [], reserve: 1 }], durable);
      await again.commit([appending(ROOMS.id, entry(4))], durable);
      assert.deepEqual(numbers(await again.read(ROOMS.id, 0, 10)), [4]);
    },
  },
  {
    title: "applies a commit whole or not at all",
    async run({ store, reopen }) {
      await store.commit([opening(ROOMS)], durable);
      const failing: readonly LogChange[] = [
        appending(ROOMS.id, entry(1)),
        { op: "move", cursor: cursor("a", ROOMS.id, 1) },
        appending("not/opened", entry(2)),
      ];
      await assert.rejects(store.commit(failing, durable));
      await assert.rejects(store.commit([appending(ROOMS.id, entry(3))], durable));
      const again = await reopen();
      assert.deepEqual(await again.read(ROOMS.id, 0, 10), []);
      assert.deepEqual((await again.load()).cursors, []);
      assert.equal((await again.load()).streams[0]?.top, 0);
    },
  },
  {
    title: "counts what waits for a receiver, without entries for another one",
    async run({ store }) {
      await store.commit(
        [opening(FACTS), appending(FACTS.id, entry(1), entry(2, { receiver: "b" }), entry(3))],
        durable,
      );
      const bytes = Buffer.byteLength(entry(1).data);
      assert.deepEqual(await store.waiting(FACTS.id, 0, "a"), {
        entries: 2,
        bytes: 2 * bytes,
        oldestTimestamp: AT,
      });
      assert.deepEqual(await store.waiting(FACTS.id, 2, "b"), { entries: 1, bytes, oldestTimestamp: AT });
      assert.deepEqual(await store.waiting(FACTS.id, 3, "a"), {
        entries: 0,
        bytes: 0,
        oldestTimestamp: null,
      });
      assert.deepEqual(await store.types(FACTS.id, 0, 2), [{ type: "thing.said", events: 2 }]);
    },
  },
  {
    title: "parks a copy for one receiver, and keeps at most 1,000 of each",
    async run({ store }) {
      const entries = Array.from({ length: 1_002 }, (_, index) => entry(index));
      await store.commit([opening(FACTS), appending(FACTS.id, ...entries)], durable);
      await store.commit([parking("b", 1)], durable);
      await store.commit(
        entries.map((_, index) => parking("a", index + 1)),
        durable,
      );
      assert.equal(await store.parkedCount("a"), 1_000);
      assert.equal(await store.parkedCount("b"), 1);
      assert.deepEqual(contents(await store.parked("a", "", 3)), [999, 1_000, 1_001]);
      await store.commit([{ op: "unpark", receiver: "a", sinceIso: AT }], durable);
      assert.equal(await store.parkedCount("a"), 0);
      assert.equal(await store.parkedCount("b"), 1);
      assert.equal((await store.read(FACTS.id, 0, 2_000)).length, 1_002);
    },
  },
  {
    title: "begins an epoch with what is kept in order, and moves the tombstones along",
    async run({ store, reopen }) {
      await store.commit(
        [opening(FACTS), appending(FACTS.id, ...[1, 2, 3, 4, 5].map((n) => entry(n)))],
        durable,
      );
      await store.commit([parking("a", 2), parking("a", 4)], durable);
      await store.commit(
        [{ op: "restart", stream: FACTS.id, epoch: "e2", keepAfter: 2, firstSeq: 2 }],
        durable,
      );
      const again = await reopen();
      const kept = await again.read(FACTS.id, 0, 10);
      assert.deepEqual(
        [numbers(kept), contents(kept)],
        [
          [2, 3, 4],
          [3, 4, 5],
        ],
      );
      const { streams, tombstones } = await again.load();
      assert.deepEqual([streams[0]?.epoch, streams[0]?.top], ["e2", 4]);
      assert.deepEqual(
        tombstones.map(({ seq }) => seq),
        [3],
      );
      assert.equal(await again.parkedCount("a"), 2);
      await again.commit(
        [{ op: "restart", stream: FACTS.id, epoch: "e3", keepAfter: null, firstSeq: 1 }],
        durable,
      );
      assert.deepEqual(await again.read(FACTS.id, 0, 10), []);
      assert.equal((await again.load()).streams[0]?.top, 0);
    },
  },
  {
    title: "blanks all that is kept about a subject, parked copies included",
    async run({ store }) {
      const about = [entry(1, { subject: "m1" }), entry(2, { subject: "m2" }), entry(3, { subject: "m1" })];
      await store.commit([opening(FACTS), appending(FACTS.id, ...about), parking("a", 1)], durable);
      const [result] = await store.commit([{ op: "blank", stream: FACTS.id, subject: "m1", blank }], durable);
      assert.ok(result?.op === "blanked");
      assert.deepEqual(
        result.places.map(({ seq }) => seq),
        [1, 3],
      );
      const texts = (entries: readonly { readonly data: string }[]) =>
        entries.map(({ data }) => JSON.parse(data).text);
      const all = await store.read(FACTS.id, 0, 10);
      assert.deepEqual(texts(all), ["", "text 2", ""]);
      assert.deepEqual(
        all.map(({ blanked }) => blanked),
        [1, 0, 1],
      );
      assert.deepEqual(texts(await store.parked("a", "", 10)), [""]);
    },
  },
  {
    title: "blanks once what is due",
    async run({ store }) {
      await store.commit([opening(FACTS)], durable);
      await store.commit(
        [appending(FACTS.id, entry(1, { blankAtMs: 1_000 }), entry(2, { blankAtMs: 2_000 }))],
        durable,
      );
      const due = async (nowMs: number) => {
        const [result] = await store.commit([{ op: "blankDue", nowMs, blank }], durable);
        return result?.op === "blanked" ? result.places.map(({ seq }) => seq) : null;
      };
      assert.deepEqual(
        [await due(999), await due(1_500), await due(1_500), await due(9_000)],
        [[], [1], [], [2]],
      );
    },
  },
  {
    title: "forgets a receiver with its cursors and parked entries",
    async run({ store }) {
      const cursors = [cursor("a", FACTS.id, 0), cursor("b", FACTS.id, 0)];
      await store.commit([opening(FACTS, cursors), appending(FACTS.id, entry(1)), parking("a", 1)], durable);
      await store.commit([{ op: "forget", receiver: "a" }], durable);
      assert.deepEqual((await store.load()).cursors, [cursor("b", FACTS.id, 0)]);
      assert.equal(await store.parkedCount("a"), 0);
      assert.deepEqual(numbers(await store.read(FACTS.id, 0, 10)), [1]);
    },
  },
];
