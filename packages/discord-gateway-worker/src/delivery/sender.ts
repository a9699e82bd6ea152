/**
 * Moves the outbox to its receiver: in order, one request in flight, for ever. The shell around `settle.ts`, which
 * decides what an answer means. Rules of this file:
 *   - a batch is retried as it is until it is acknowledged, split, or has given way to a snapshot;
 *   - `snapshotWanted` is answered with the newest events and a snapshot at their end; the receiver takes the
 *     snapshot and knows what it may skip;
 *   - nothing is sent faster than the back-off after a failure.
 */
import type { ParkedEvent } from "@guildwire/events";
import type { Clock } from "@guildwire/runtime";
import { beginsSnapshot } from "../guild/snapshot-part.ts";
import type { OutboxEntry, Refusal } from "../store/outbox-table.ts";
import { BATCH_BYTES_MAX, BATCH_EVENTS_MAX, type Batch, composeBatch } from "./batch.ts";
import type { Outcome } from "./outcome.ts";
import type { Post } from "./post.ts";
import { type SendState, type Settled, settle, type Verdict } from "./settle.ts";

/** The log the sender reads from, as far as it needs it. */
export interface Outbox {
  readonly epoch: string;
  readonly lastSeq: number;
  outboxAfter(seq: number, entriesMax: number): readonly OutboxEntry[];
  acknowledge(seq: number): void;
  park(refusal: Refusal, nowIso: string): ParkedEvent | undefined;
  startNewEpoch(): void;
}

export interface SenderOptions {
  readonly source: string;
  readonly outbox: Outbox;
  readonly post: Post;
  readonly clock: Clock;
  /**
   * Appends a `guild.snapshot` to the outbox, `alone`: in place of all that waits. `false` when the guild has never
   * been seen.
   */
  readonly appendSnapshot: (alone: boolean) => boolean;
  readonly onAttempt: (attempt: Attempt) => void;
  /** The event was given up; a tombstone is in its place. */
  readonly onParked: (parked: ParkedEvent, tries: number) => void;
  /** The log could not be written or read; the sender has stopped. */
  readonly onFailure: (error: unknown) => void;
  readonly random?: () => number;
}

/** One POST, for the log. `outcome` tells the rest. */
export interface Attempt {
  readonly batch: Batch;
  readonly outcome: Outcome;
  readonly verdict: Verdict;
  readonly durationMs: number;
  readonly failures: number;
  readonly retryInMs: number | null;
}

/**
 * How long a worker that stops goes on delivering, in milliseconds. What waits is on disk, and the next process delivers
 * it: while deliveries fail, a person who pressed Ctrl-C is not kept waiting for them.
 */
export function stopFlushMs(isFailing: boolean): number {
  return isFailing ? 2_000 : 10_000;
}

export class Sender {
  readonly #options: SenderOptions;
  readonly #stopping = new AbortController();
  #wake = Promise.withResolvers<void>();
  #running: Promise<void> = Promise.resolve();
  #state: SendState = { failures: 0, batchBytesMax: BATCH_BYTES_MAX, suspicion: null, wishes: 0 };
  #batch: Batch | undefined;
  /** The last one that was acknowledged in full: what is sent as a probe. */
  #lastTaken: Batch | undefined;
  #isProbe = false;
  #superseded = false;
  #postSinceMs: number | null = null;
  #emptied = Promise.withResolvers<void>();

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running = this.#run().catch((error: unknown) => this.#options.onFailure(error));
  }

  /** Something was appended. */
  wake(): void {
    this.#wake.resolve();
  }

  /** What waited has given way to a snapshot: the batch that is being tried is not tried again. */
  supersede(): void {
    this.#superseded = true;
    this.wake();
  }

  /** Consecutive attempts without an acknowledgement. */
  get failures(): number {
    return this.#state.failures;
  }

  /** When the POST in flight began, by the clock; `null` without one. */
  get postSinceMs(): number | null {
    return this.#postSinceMs;
  }

  /** Waits at most `withinMs` for the outbox to be empty; `true` when it is. */
  async flush(withinMs: number): Promise<boolean> {
    this.#emptied = Promise.withResolvers<void>();
    this.wake();
    const deadline = Promise.withResolvers<boolean>();
    const cancel = this.#options.clock.after(withinMs, () => deadline.resolve(false));
    const emptied = await Promise.race([this.#emptied.promise.then(() => true), deadline.promise]);
    cancel();
    return emptied;
  }

  /** Gives up the request in flight; its batch stays in the outbox. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#wake.resolve();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { post, clock } = this.#options;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      this.#wake = Promise.withResolvers<void>();
      if (this.#superseded) this.#beginAnew();
      this.#batch ??= this.#nextBatch();
      if (this.#batch === undefined) {
        this.#emptied.resolve();
        await this.#wake.promise;
        continue;
      }
      const startedAtMs = clock.monotonicMs();
      this.#postSinceMs = startedAtMs;
      const outcome = await post(this.#batch, signal);
      this.#postSinceMs = null;
      if (signal.aborted && outcome.kind === "unreachable") return;
      await this.#settle(this.#batch, outcome, clock.monotonicMs() - startedAtMs);
    }
  }

  #beginAnew(): void {
    this.#superseded = false;
    this.#batch = undefined;
    this.#isProbe = false;
    this.#state = { ...this.#state, suspicion: null };
  }

  #nextBatch(): Batch | undefined {
    const { outbox, source } = this.#options;
    const { suspicion, batchBytesMax } = this.#state;
    const waiting = outbox.outboxAfter(0, BATCH_EVENTS_MAX);
    const suspected = waiting.filter(({ seq }) => seq <= (suspicion?.sendThroughSeq ?? 0));
    const origin = { source, epoch: outbox.epoch };
    return composeBatch(origin, suspected.length > 0 ? suspected : waiting, batchBytesMax);
  }

  async #settle(batch: Batch, outcome: Outcome, durationMs: number): Promise<void> {
    const { outbox, clock, random = Math.random, onAttempt } = this.#options;
    const settled = settle(
      this.#state,
      {
        firstSeq: batch.firstSeq,
        lastSeq: batch.lastSeq,
        bytes: Buffer.byteLength(batch.body),
        isTombstone: batch.events === batch.tombstones,
        isProbe: this.#isProbe,
      },
      outcome,
      {
        nowMs: clock.monotonicMs(),
        roll: random(),
        logLastSeq: outbox.lastSeq,
        canProbe: this.#lastTaken !== undefined,
      },
    );
    const { verdict, retryInMs } = settled;
    this.#state = settled.state;
    this.#apply(batch, settled);
    onAttempt({ batch, outcome, verdict, durationMs, failures: this.#state.failures, retryInMs });
    if (retryInMs !== null && retryInMs > 0) await this.#rest(retryInMs);
  }

  #apply(batch: Batch, { verdict, next }: Settled): void {
    const { outbox, appendSnapshot, onParked } = this.#options;
    this.#isProbe = next === "probe";
    if (next === "fresh") this.#batch = undefined;
    if (next === "probe") this.#batch = this.#lastTaken;
    switch (verdict.kind) {
      case "acknowledge":
        outbox.acknowledge(verdict.throughSeq);
        if (verdict.throughSeq === batch.lastSeq) this.#lastTaken = batch;
        return;
      case "newEpoch":
        outbox.startNewEpoch();
        this.#lastTaken = undefined;
        appendSnapshot(false);
        return;
      case "snapshot":
        this.#batch = appendSnapshot(verdict.alone) ? this.#batchWithSnapshot() : batch;
        return;
      case "park": {
        const parked = outbox.park(verdict, new Date().toISOString());
        if (parked !== undefined) onParked(parked, verdict.tries);
        return;
      }
      case "keep":
        return;
    }
  }

  /**
   * A run of events that holds the newest snapshot, or the first of its parts. Near the end of the log it is all that
   * waits; a snapshot too large for company goes alone, and what follows it comes next.
   */
  #batchWithSnapshot(): Batch | undefined {
    const { outbox, source } = this.#options;
    const origin = { source, epoch: outbox.epoch };
    const compose = (waiting: readonly OutboxEntry[]) =>
      composeBatch(origin, waiting, this.#state.batchBytesMax);
    let waiting = outbox.outboxAfter(outbox.lastSeq - BATCH_EVENTS_MAX, BATCH_EVENTS_MAX);
    const snapshotSeq = waiting.findLast(beginsSnapshot)?.seq ?? outbox.lastSeq;
    let batch = compose(waiting);
    while (batch !== undefined && batch.lastSeq < snapshotSeq) {
      waiting = waiting.slice(batch.events);
      batch = compose(waiting);
    }
    return batch;
  }

  async #rest(ms: number): Promise<void> {
    const { signal } = this.#stopping;
    const rested = Promise.withResolvers<void>();
    const cancel = this.#options.clock.after(ms, () => rested.resolve());
    const onAbort = () => rested.resolve();
    signal.addEventListener("abort", onAbort, { once: true });
    await rested.promise;
    signal.removeEventListener("abort", onAbort);
    cancel();
  }
}
