/**
 * How far one receiver is in one stream, and how much waits for it. Rules:
 *   PLACE-1  Every move is committed before it counts; one behind which events are missing is durable.
 *   PLACE-2  What waits is counted in memory, because counting a long log for every look at it would read all of it.
 */
import { acknowledged, type Cursor, type Jump, jumped, readAfter } from "../cursor.ts";
import { type OutboxBound, type OutboxBounds, type OutboxDepth, oldestAgeS } from "../outbox-bounds.ts";
import type { Stream } from "../stream.ts";
import type { LogAccess, SubscriptionEvents } from "./log-access.ts";

const ENTRIES_READ_MAX = 256;

export class Place {
  readonly #log: LogAccess;
  readonly #events: SubscriptionEvents;
  #cursor: Cursor;
  #depth: OutboxDepth = { waiting: 0, bytes: 0, oldestTimestamp: null };
  #afterJump = { waiting: 0, bytes: 0 };

  constructor(cursor: Cursor, log: LogAccess, events: SubscriptionEvents) {
    this.#cursor = cursor;
    this.#log = log;
    this.#events = events;
  }

  get cursor(): Cursor {
    return this.#cursor;
  }

  get depth(): OutboxDepth {
    return this.#depth;
  }

  /** What waited right after events were last given up. */
  get depthAfterJump(): Pick<OutboxDepth, "waiting" | "bytes"> {
    return this.#afterJump;
  }

  get #stream(): Stream {
    return this.#log.stream(this.#cursor.stream);
  }

  /** Counts what the store holds for this receiver. */
  async recount(): Promise<void> {
    const { receiver, stream } = this.#cursor;
    const counted = await this.#log.store.waiting(stream, readAfter(this.#cursor), receiver);
    const { entries: waiting, bytes, oldestTimestamp } = counted;
    this.#depth = { waiting, bytes, oldestTimestamp };
  }

  appended(entries: number, bytes: number, timestamp: string): void {
    const { waiting, bytes: before, oldestTimestamp } = this.#depth;
    this.#depth = {
      waiting: waiting + entries,
      bytes: before + bytes,
      oldestTimestamp: oldestTimestamp ?? timestamp,
    };
  }

  /** The oldest event that waits is of this time. */
  oldestIs(oldestTimestamp: string): void {
    if (this.#depth.oldestTimestamp !== oldestTimestamp) this.#depth = { ...this.#depth, oldestTimestamp };
  }

  /** The log has a new epoch, in which this is the cursor; it is stored already. */
  async restarted(cursor: Cursor): Promise<void> {
    this.#cursor = cursor;
    await this.recount();
  }

  /** Everything up to `seq` is acknowledged; `known`: what of it waited, or `null` to count again. */
  async acknowledge(seq: number, known: Pick<OutboxDepth, "waiting" | "bytes"> | null): Promise<void> {
    await this.#moveTo(acknowledged(this.#cursor, seq), false);
    if (known === null) return await this.recount();
    const waiting = this.#depth.waiting - known.waiting;
    const oldestTimestamp = waiting > 0 ? this.#depth.oldestTimestamp : null;
    this.#depth = { waiting, bytes: this.#depth.bytes - known.bytes, oldestTimestamp };
  }

  /** All that waits is replaced by a snapshot and a status, both of which say so. */
  async replaceBySnapshot(bound: OutboxBound | null): Promise<void> {
    const { receiver, stream } = this.#cursor;
    const range = await this.#log.resnapshot(stream, true);
    if (range === null) return;
    const from = readAfter(this.#cursor) + 1;
    const to = range.firstSeq - 1;
    if (to < from) return;
    const all = await this.#log.store.waiting(stream, from - 1, receiver);
    const kept = await this.#log.store.waiting(stream, to, receiver);
    const count = all.entries - kept.entries;
    const reason = bound === null ? "reset" : "bound";
    await this.#jump({ from, to, count, reason, through: range.lastSeq }, bound);
  }

  /** Gives up the oldest facts: those that are too old, or as many as free an eighth of the bound. */
  async loseOldest(bound: OutboxBound, bounds: OutboxBounds, nowMs: number): Promise<void> {
    const from = readAfter(this.#cursor) + 1;
    let to = from - 1;
    let { waiting, bytes } = this.#depth;
    const exceeds = (timestamp: string) =>
      (bound === "rows" && waiting > (bounds.rowsMax * 7) / 8) ||
      (bound === "bytes" && bytes > (bounds.bytesMax * 7) / 8) ||
      (bound === "age" && (oldestAgeS(timestamp, nowMs) ?? 0) > bounds.ageMaxS);
    for (;;) {
      const entries = await this.#log.store.read(this.#cursor.stream, to, ENTRIES_READ_MAX);
      const kept = entries.findIndex(({ timestamp, data }) => {
        if (!exceeds(timestamp)) return true;
        waiting -= 1;
        bytes -= Buffer.byteLength(data);
        return false;
      });
      const lost = kept === -1 ? entries : entries.slice(0, kept);
      to = lost.at(-1)?.seq ?? to;
      if (kept !== -1 || entries.length < ENTRIES_READ_MAX) break;
    }
    if (to >= from) await this.#jump({ from, to, count: to - from + 1, reason: "bound", through: to }, bound);
  }

  /** A fact stream's receiver lost its place: what waits is sent behind a record of what it may lack. */
  async reset(): Promise<void> {
    const { seq, jump } = this.#cursor;
    if (seq === 0 || jump !== null) return;
    const reset = { from: 1, to: seq, count: null, reason: "reset", through: seq } as const;
    await this.#moveTo({ ...this.#cursor, jump: reset }, true);
  }

  /** The receiver has everything up to `seq` and needs what follows. `false`: a state stream has it no more. */
  async rewind(seq: number): Promise<boolean> {
    if (seq >= this.#cursor.seq) {
      await this.acknowledge(seq, null);
      return true;
    }
    const [first] = await this.#log.store.read(this.#cursor.stream, seq, 1);
    const to = (first?.seq ?? this.#cursor.seq + 1) - 1;
    if (to > seq && this.#stream.kind === "state") return false;
    const lost = { from: seq + 1, to, count: to - seq, reason: "reset", through: to } as const;
    await this.#moveTo({ ...this.#cursor, seq, jump: to > seq ? lost : null }, true);
    await this.recount();
    return true;
  }

  /** Another process owns the stream. */
  async fenced(fence: number): Promise<void> {
    await this.#moveTo({ ...this.#cursor, fence }, true);
    this.#events.fenced(this.#cursor.stream, fence);
  }

  async #jump(jump: Jump, bound: OutboxBound | null): Promise<void> {
    await this.#moveTo(jumped(this.#cursor, jump), true);
    await this.recount();
    const { waiting, bytes } = this.#depth;
    this.#afterJump = { waiting, bytes };
    this.#events.jumped(this.#cursor.stream, this.#cursor.jump ?? jump, bound);
  }

  async #moveTo(cursor: Cursor, durable: boolean): Promise<void> {
    this.#cursor = cursor;
    await this.#log.move(cursor, durable);
  }
}
