/**
 * The streams of this process in memory, over their store: places, moves of cursors, and when an entry may go. Rules:
 *   LOG-1  An entry is deleted when every receiver of its stream is past it: at once in a state stream, 15 minutes later
 *          in a fact stream, so that a receiver can go back.
 *   LOG-2  What is not for any receiver is not kept.
 */
import { type Cursor, type Jump, readAfter } from "./cursor.ts";
import type { LogAccess, SnapshotRange, StreamStatus } from "./sending/log-access.ts";
import type { Tombstone } from "./sending/rendering.ts";
import type { Subscription } from "./sending/subscription.ts";
import type { DeliveryStore, LogChange, LogResult } from "./store/delivery-store.ts";
import type { Stream } from "./stream.ts";

/** How the owner of the streams describes them. */
export interface StreamOwner {
  /**
   * Appends a snapshot (a checkpoint, in a fact stream) for all receivers, with `withStatus` a status behind it, and
   * passes the result to `appended`. `null` when there is nothing to describe.
   */
  resnapshot(stream: string, withStatus: boolean): Promise<SnapshotRange | null>;
  /** What is repeated for receivers of the single form; `null`: nothing is known yet. */
  status(stream: string): StreamStatus | null;
  /** Whether an event of this type is a snapshot, or a part of one. */
  isSnapshot(type: string): boolean;
  /** Data without what must not be kept. */
  blank(entry: { readonly type: string; readonly data: string }): string;
}

/** How long acknowledged facts are kept. */
export const FACTS_KEPT_MS = 15 * 60_000;

export interface LogOptions {
  readonly store: DeliveryStore;
  readonly owner: StreamOwner;
  readonly unixMs: () => number;
  readonly newEpoch: () => string;
  /** Of one stream, by receiver. */
  readonly subscriptionsOf: (stream: string) => readonly Subscription[];
  readonly onEpoch: (stream: string, receiver: string) => void;
}

export class Log implements LogAccess {
  readonly store: DeliveryStore;
  readonly #options: LogOptions;
  readonly #streams = new Map<string, Stream>();
  readonly #restarting = new Set<string>();
  readonly #prunedThrough = new Map<string, number>();
  /** Acknowledged facts: up to where, and since when. */
  readonly #kept = new Map<string, { seq: number; atMs: number }[]>();

  constructor(options: LogOptions) {
    this.store = options.store;
    this.#options = options;
  }

  get streams(): readonly Stream[] {
    return [...this.#streams.values()];
  }

  find(id: string): Stream | undefined {
    return this.#streams.get(id);
  }

  stream(id: string): Stream {
    const stream = this.#streams.get(id);
    if (stream === undefined) throw new Error(`the stream ${id} was never opened`);
    return stream;
  }

  put(stream: Stream): void {
    this.#streams.set(stream.id, stream);
  }

  /** The append is stored. */
  appended({ stream, top }: Extract<LogResult, { op: "append" }>): void {
    this.#streams.set(stream, { ...this.stream(stream), top });
  }

  isRestarting(stream: string): boolean {
    return this.#restarting.has(stream);
  }

  resnapshot(stream: string, withStatus: boolean): Promise<SnapshotRange | null> {
    return this.#options.owner.resnapshot(stream, withStatus);
  }

  status(stream: string): StreamStatus | null {
    return this.#options.owner.status(stream);
  }

  isSnapshot(type: string): boolean {
    return this.#options.owner.isSnapshot(type);
  }

  nowIso(): string {
    return new Date(this.#options.unixMs()).toISOString();
  }

  async move(cursor: Cursor, durable: boolean): Promise<void> {
    const prune = this.#prune(cursor);
    await this.store.commit([{ op: "move", cursor }, ...prune], { durable });
  }

  /** Deletes facts that were acknowledged long enough ago. */
  async pruneFacts(): Promise<void> {
    const nowMs = this.#options.unixMs();
    for (const [stream, marks] of this.#kept) {
      const due = marks.findLast(({ atMs }) => atMs + FACTS_KEPT_MS <= nowMs);
      if (due === undefined) continue;
      this.#kept.set(stream, marks.slice(marks.indexOf(due) + 1));
      await this.store.commit([{ op: "prune", stream, throughSeq: due.seq }], { durable: false });
    }
  }

  /**
   * The receiver is ahead of the log, which is an old copy. A state stream begins from 1 with a snapshot. A fact stream
   * keeps what waits for the other receivers, behind a record for each that events may be missing.
   */
  async restart(id: string, receiver: string): Promise<void> {
    if (this.#restarting.has(id)) return;
    this.#restarting.add(id);
    try {
      const { kind, epoch: before, top } = this.stream(id);
      const epoch = this.#options.newEpoch();
      const subscriptions = this.#options.subscriptionsOf(id);
      const positions = new Map(
        subscriptions.map(({ place: { cursor } }) => [
          cursor.receiver,
          cursor.receiver === receiver ? top : readAfter(cursor),
        ]),
      );
      const keepAfter = kind === "state" ? null : Math.min(top, ...positions.values());
      const cursors = new Map(
        subscriptions.map(({ place: { cursor } }) => {
          const at = (positions.get(cursor.receiver) ?? top) - (keepAfter ?? top) + 1;
          const jump: Jump = { from: 1, to: at, count: null, reason: "epoch", through: at };
          return [cursor.receiver, { ...cursor, seq: 0, jump: kind === "state" ? null : jump }];
        }),
      );
      // In a fact stream, number 1 of the new epoch is the record that the epoch changed.
      const firstSeq = kind === "state" ? 1 : 2;
      const [restarted] = await this.store.commit(
        [
          { op: "restart", stream: id, epoch, keepAfter, firstSeq },
          ...[...cursors.values()].map((cursor): LogChange => ({ op: "move", cursor })),
        ],
        { durable: true },
      );
      const shift = firstSeq - 1 - (keepAfter ?? top);
      if (restarted?.op !== "append") throw new Error("invariant broken: a restart has its own result");
      this.#streams.set(id, { ...this.stream(id), epoch, top: restarted.top });
      this.#prunedThrough.delete(id);
      this.#kept.delete(id);
      for (const subscription of subscriptions) {
        const cursor = cursors.get(subscription.place.cursor.receiver);
        if (cursor === undefined) continue;
        await subscription.place.restarted(cursor);
        subscription.restarted(keepAfter === null ? new Map() : shifted(subscription.tombstones, shift));
      }
      if (before !== epoch) this.#options.onEpoch(id, receiver);
    } finally {
      this.#restarting.delete(id);
    }
    await this.resnapshot(id, false);
  }

  /** What may go once this cursor has moved. */
  #prune(moved: Cursor): readonly LogChange[] {
    const { stream } = moved;
    let throughSeq = readAfter(moved);
    for (const { place } of this.#options.subscriptionsOf(stream)) {
      if (place.cursor.receiver !== moved.receiver)
        throughSeq = Math.min(throughSeq, readAfter(place.cursor));
    }
    if (throughSeq <= (this.#prunedThrough.get(stream) ?? 0)) return [];
    this.#prunedThrough.set(stream, throughSeq);
    if (this.stream(stream).kind === "state") return [{ op: "prune", stream, throughSeq }];
    const marks = this.#kept.get(stream) ?? [];
    marks.push({ seq: throughSeq, atMs: this.#options.unixMs() });
    this.#kept.set(stream, marks);
    return [];
  }
}

function shifted(tombstones: ReadonlyMap<number, Tombstone>, shift: number): ReadonlyMap<number, Tombstone> {
  return new Map([...tombstones].map(([seq, tombstone]) => [seq + shift, tombstone]));
}
