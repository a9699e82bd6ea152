/**
 * One receiver's subscription to one stream: the batch it gets next, and what an answer changes. Rules:
 *   SUB-1  A batch is sent as it is until it is acknowledged, split, or no longer true.
 *   SUB-2  A batch that is no longer true (blanked, given up, of an old epoch) is not sent again; a request in flight
 *          cannot be taken back.
 */
import { readAfter } from "../cursor.ts";
import type { OutboxBound, OutboxBounds } from "../outbox-bounds.ts";
import type { Outcome } from "../settling/outcome.ts";
import { type SendState, type Settled, settle, type Verdict } from "../settling/settle.ts";
import { BATCH_BYTES_MAX, BATCH_EVENTS_MAX, type Batch, composeBatch } from "./batch.ts";
import type { LogAccess, SubscriptionEvents } from "./log-access.ts";
import type { Place } from "./place.ts";
import { rendered, type Tombstone } from "./rendering.ts";

const FRESH: SendState = {
  failures: 0,
  batchBytesMax: BATCH_BYTES_MAX,
  suspicion: null,
  requests: 0,
  restarted: false,
};

export interface SettleContext {
  readonly nowMs: number;
  readonly roll: number;
  readonly isMulti: boolean;
  /** Of the lane, in a row. */
  readonly failures: number;
}

export class Subscription {
  readonly stream: string;
  readonly place: Place;
  /** By the clock; nothing of this stream is sent before. */
  notBeforeMs = 0;
  readonly #log: LogAccess;
  readonly #events: SubscriptionEvents;
  #tombstones: ReadonlyMap<number, Tombstone>;
  #state: SendState = FRESH;
  #batch: Batch | undefined;
  #inFlight = false;
  /** What is in flight must not be sent again as it is. */
  #isStale = false;
  /** Grows with everything that makes a batch untrue, also one that is being composed. */
  #version = 0;
  /** The last batch that was acknowledged in full: what is sent as a probe. */
  #lastTaken: Batch | undefined;
  #isProbe = false;
  /** Where reading continues instead of behind the cursor, for a receiver that needs a snapshot first. */
  #sendAfter: number | null = null;
  #dueBound: OutboxBound | null = null;

  constructor(
    place: Place,
    tombstones: ReadonlyMap<number, Tombstone>,
    log: LogAccess,
    events: SubscriptionEvents,
  ) {
    this.stream = place.cursor.stream;
    this.place = place;
    this.#tombstones = tombstones;
    this.#log = log;
    this.#events = events;
  }

  get failures(): number {
    return this.#state.failures;
  }

  /** Another process owns the stream. */
  get isFenced(): boolean {
    return this.place.cursor.fence > this.#log.stream(this.stream).fence;
  }

  /** Whether there is anything to send, also a number without an entry. */
  get hasMore(): boolean {
    const { cursor } = this.place;
    const { top, kind } = this.#log.stream(this.stream);
    return !this.isFenced && (readAfter(cursor) < top || (kind === "fact" && cursor.jump !== null));
  }

  get tombstones(): ReadonlyMap<number, Tombstone> {
    return this.#tombstones;
  }

  /** The entry at `seq` changed: what holds its old text is composed again. */
  invalidate(seq: number): void {
    const holds = (batch: Batch | undefined) =>
      batch !== undefined && batch.firstSeq <= seq && seq <= batch.lastSeq;
    this.#version += 1;
    if (holds(this.#lastTaken)) this.#lastTaken = undefined;
    if (holds(this.#batch)) this.#drop();
  }

  /** The log has a new epoch; the place knows its cursor in it. */
  restarted(tombstones: ReadonlyMap<number, Tombstone>): void {
    this.#tombstones = tombstones;
    this.#lastTaken = undefined;
    this.#forgetBatch();
  }

  /** What waits is above a bound; the lane gives it up before it sends again. */
  giveUp(bound: OutboxBound): void {
    this.#dueBound = bound;
  }

  get isDue(): boolean {
    return this.#dueBound !== null;
  }

  /** Does what is due before the next batch. */
  async tend(bounds: OutboxBounds, unixMs: number): Promise<void> {
    const bound = this.#dueBound;
    this.#dueBound = null;
    if (bound === null) return;
    if (this.#log.stream(this.stream).kind === "state") await this.place.replaceBySnapshot(bound);
    else await this.place.loseOldest(bound, bounds, unixMs);
    this.#forgetBatch();
  }

  /** What to send now; `undefined` when nothing waits. */
  async nextBatch(): Promise<Batch | undefined> {
    while (this.#batch === undefined) {
      if (this.isFenced || this.#log.isRestarting(this.stream)) return undefined;
      const version = this.#version;
      const composed = await this.#compose(this.#sendAfter ?? readAfter(this.place.cursor));
      if (version !== this.#version) continue;
      if (composed === undefined) return undefined;
      this.#batch = composed;
    }
    this.place.oldestIs(this.#batch.oldestTimestamp);
    this.#inFlight = true;
    return this.#batch;
  }

  /** Takes this batch for another request; `false` when it is no longer what is to be sent. */
  take(batch: Batch): boolean {
    if (this.#batch !== batch || this.isDue) return false;
    this.#inFlight = true;
    return true;
  }

  /** The request that held the batch failed as a whole, or the batch was not sent after all. */
  release(): void {
    this.#inFlight = false;
    if (this.#isStale) this.#drop();
  }

  /** Applies what the receiver answered for `batch`; resolves once it is stored. */
  async settle(batch: Batch, outcome: Outcome, { failures, ...context }: SettleContext): Promise<Settled> {
    const { kind, lane, top, epoch } = this.#log.stream(this.stream);
    this.#inFlight = false;
    const state = { ...this.#state, failures: Math.max(this.#state.failures, failures) };
    if (batch.epoch !== epoch || this.#log.isRestarting(this.stream)) {
      this.#drop();
      return { state, verdict: { kind: "keep" }, next: "fresh", retryInMs: null };
    }
    const settled = settle(
      state,
      {
        firstSeq: batch.firstSeq,
        lastSeq: batch.lastSeq,
        bytes: batch.bytes,
        isTombstone: batch.events === batch.tombstones,
        isProbe: this.#isProbe,
      },
      outcome,
      { ...context, kind, top, mayPark: lane !== "interactions", canProbe: this.#lastTaken !== undefined },
    );
    this.#state = settled.state;
    if (settled.next !== "same" || this.#isStale) this.#drop();
    this.#isProbe = settled.next === "probe" && this.#lastTaken !== undefined;
    if (this.#isProbe) this.#batch = this.#lastTaken;
    await this.#apply(batch, settled.verdict);
    return settled;
  }

  async #apply(batch: Batch, verdict: Verdict): Promise<void> {
    switch (verdict.kind) {
      case "keep":
        return;
      case "acknowledge":
        return await this.#acknowledge(batch, verdict.throughSeq);
      case "newEpoch":
        return await this.#log.restart(this.stream, this.place.cursor.receiver);
      case "stop":
        this.#events.stopped(this.stream, verdict.acked);
        return;
      case "snapshot":
        if (!verdict.alone) return await this.#sendWithSnapshot(batch);
        await this.place.replaceBySnapshot(null);
        this.#forgetBatch();
        return;
      case "reset":
        return await this.#reset();
      case "rewind":
        return await this.#rewind(batch, verdict);
      case "fenced":
        return await this.place.fenced(verdict.fence);
      case "park":
        return await this.#park(verdict);
    }
  }

  async #acknowledge(batch: Batch, throughSeq: number): Promise<void> {
    const leapt = this.#sendAfter !== null;
    this.#sendAfter = null;
    if (this.#tombstones.size > 0)
      this.#tombstones = new Map([...this.#tombstones].filter(([seq]) => seq > throughSeq));
    const isWhole = throughSeq === batch.lastSeq;
    if (isWhole) this.#lastTaken = batch;
    const known = isWhole && !leapt ? { waiting: batch.entries, bytes: batch.entryBytes } : null;
    await this.place.acknowledge(throughSeq, known);
  }

  /** The newest events, up to a snapshot at their end: the receiver knows what it may skip. */
  async #sendWithSnapshot(batch: Batch): Promise<void> {
    const range = await this.#log.resnapshot(this.stream, false);
    if (range === null) {
      this.#batch = batch;
      return;
    }
    const { top } = this.#log.stream(this.stream);
    let after = Math.max(readAfter(this.place.cursor), top - BATCH_EVENTS_MAX);
    let composed = await this.#compose(after);
    while (composed !== undefined && composed.lastSeq < range.firstSeq) {
      after = composed.lastSeq;
      composed = await this.#compose(after);
    }
    this.#sendAfter = after;
    this.#batch = composed;
  }

  async #reset(): Promise<void> {
    // A checkpoint for all receivers, once until something is acknowledged.
    if (this.#state.requests === 1) await this.#log.resnapshot(this.stream, false);
    await this.place.reset();
  }

  async #rewind(batch: Batch, { epoch, seq }: Extract<Verdict, { kind: "rewind" }>): Promise<void> {
    const stream = this.#log.stream(this.stream);
    const isKnown = epoch === stream.epoch && seq <= stream.top;
    if (isKnown && (await this.place.rewind(seq))) return this.#forgetBatch();
    if (stream.kind === "fact") await this.#reset();
    else await this.#sendWithSnapshot(batch);
  }

  async #park({ seq, reason, tries }: Extract<Verdict, { kind: "park" }>): Promise<void> {
    const [entry] = await this.#log.store.read(this.stream, seq - 1, 1);
    if (entry?.seq !== seq) return;
    const { receiver } = this.place.cursor;
    const parked = { receiver, stream: this.stream, seq, parkedAt: this.#log.nowIso(), reason, tries };
    await this.#log.store.commit([{ op: "park", parked }], { durable: true });
    this.#tombstones = new Map([...this.#tombstones, [seq, { type: entry.type, reason }]]);
    this.#drop();
    const { epoch } = this.#log.stream(this.stream);
    this.#events.parked(this.stream, { seq, id: `${epoch}-${seq}`, type: entry.type, reason }, tries);
  }

  async #compose(after: number): Promise<Batch | undefined> {
    const stream = this.#log.stream(this.stream);
    const entriesMax = BATCH_EVENTS_MAX + 1;
    const entries = await this.#log.store.read(this.stream, after, entriesMax);
    const status = this.#log.status(this.stream);
    const events = rendered({
      stream,
      cursor: this.place.cursor,
      after,
      entries,
      reachesTop: entries.length < entriesMax,
      tombstones: this.#tombstones,
      statusData: status === null ? null : JSON.stringify(status),
      nowIso: this.#log.nowIso(),
      eventsMax: BATCH_EVENTS_MAX,
    });
    const { suspicion, batchBytesMax } = this.#state;
    const suspected = events.filter(({ seq }) => seq <= (suspicion?.sendThroughSeq ?? 0));
    return composeBatch(stream, suspected.length > 0 ? suspected : events, batchBytesMax, (type) =>
      this.#log.isSnapshot(type),
    );
  }

  #forgetBatch(): void {
    this.#sendAfter = null;
    this.#state = { ...this.#state, suspicion: null };
    this.#drop();
  }

  #drop(): void {
    this.#version += 1;
    this.#isStale = this.#inFlight;
    if (this.#inFlight) return;
    this.#batch = undefined;
    this.#isProbe = false;
  }
}
