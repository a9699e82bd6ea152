/**
 * Moves the outbox to its receiver: in order, one request in flight, for ever. Rules of this file:
 *   - a batch is retried as it is until it is acknowledged;
 *   - `snapshotWanted` is answered with everything that waits and a snapshot at its end; the receiver takes the
 *     snapshot and knows what it may skip;
 *   - nothing is sent faster than the back-off after a failure.
 */

import type { OutboxEntry } from "../store/worker-store.ts";
import { BATCH_EVENTS_MAX, type Batch, composeBatch } from "./batch.ts";
import type { Outcome } from "./outcome.ts";
import type { Post } from "./post.ts";
import { retryDelayMs } from "./retry-policy.ts";

/** The log the sender reads from, as far as it needs it. */
export interface Outbox {
  readonly epoch: string;
  readonly lastSeq: number;
  outboxAfter(seq: number, entriesMax: number): readonly OutboxEntry[];
  acknowledge(seq: number): void;
  startNewEpoch(): void;
}

export interface SenderOptions {
  readonly source: string;
  readonly outbox: Outbox;
  readonly post: Post;
  /** Appends a `guild.snapshot` to the outbox; `false` when the guild has never been seen. */
  readonly appendSnapshot: () => boolean;
  readonly onAttempt: (attempt: Attempt) => void;
  /** The log could not be written or read; the sender has stopped. */
  readonly onFailure: (error: unknown) => void;
  readonly random?: () => number;
}

/** One POST, for the log. `outcome` tells the rest. */
export interface Attempt {
  readonly batch: Batch;
  readonly outcome: Outcome;
  readonly durationMs: number;
  readonly failures: number;
  readonly retryInMs: number | null;
}

export class Sender {
  readonly #options: SenderOptions;
  readonly #stopping = new AbortController();
  #wake = Promise.withResolvers<void>();
  #running: Promise<void> = Promise.resolve();
  #batch: Batch | undefined;
  #failures = 0;
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

  /** Consecutive attempts without an acknowledgement. */
  get failures(): number {
    return this.#failures;
  }

  /** Waits at most `withinMs` for the outbox to be empty; `true` when it is. */
  async flush(withinMs: number): Promise<boolean> {
    this.#emptied = Promise.withResolvers<void>();
    this.wake();
    const deadline = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => deadline.resolve(false), withinMs);
    const emptied = await Promise.race([this.#emptied.promise.then(() => true), deadline.promise]);
    clearTimeout(timer);
    return emptied;
  }

  /** Gives up the request in flight; its batch stays in the outbox. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#wake.resolve();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      this.#wake = Promise.withResolvers<void>();
      this.#batch ??= this.#nextBatch();
      if (this.#batch === undefined) {
        this.#emptied.resolve();
        await this.#wake.promise;
        continue;
      }
      const startedAtMs = performance.now();
      const outcome = await this.#options.post(this.#batch, signal);
      if (signal.aborted && outcome.kind === "unreachable") return;
      await this.#settle(this.#batch, outcome, performance.now() - startedAtMs);
    }
  }

  #nextBatch(): Batch | undefined {
    const { outbox, source } = this.#options;
    return composeBatch({ source, epoch: outbox.epoch }, outbox.outboxAfter(0, BATCH_EVENTS_MAX));
  }

  async #settle(batch: Batch, outcome: Outcome, durationMs: number): Promise<void> {
    const progressed = this.#apply(batch, outcome);
    this.#failures = progressed ? 0 : this.#failures + 1;
    const retryInMs = progressed ? null : this.#retryInMs(outcome);
    this.#options.onAttempt({ batch, outcome, durationMs, failures: this.#failures, retryInMs });
    if (retryInMs !== null && retryInMs > 0) await this.#rest(retryInMs);
  }

  /** What an outcome does to the log; `true` when it moved things on. */
  #apply(batch: Batch, outcome: Outcome): boolean {
    const { outbox } = this.#options;
    switch (outcome.kind) {
      case "delivered":
        if (outcome.acked > outbox.lastSeq) {
          // The receiver is ahead of this log, which must be an old copy of itself.
          outbox.startNewEpoch();
          this.#options.appendSnapshot();
          this.#batch = undefined;
          return true;
        }
        if (outcome.acked < batch.firstSeq) return false;
        outbox.acknowledge(Math.min(outcome.acked, batch.lastSeq));
        this.#batch = undefined;
        return true;
      case "snapshotWanted":
        if (this.#options.appendSnapshot()) this.#batch = this.#batchUpToTheEnd();
        return false;
      default:
        return false;
    }
  }

  /** The longest run of events that ends with the newest one and fits a batch. */
  #batchUpToTheEnd(): Batch | undefined {
    const { outbox, source } = this.#options;
    const origin = { source, epoch: outbox.epoch };
    let waiting = outbox.outboxAfter(outbox.lastSeq - BATCH_EVENTS_MAX, BATCH_EVENTS_MAX);
    let batch = composeBatch(origin, waiting);
    while (batch !== undefined && batch.lastSeq < outbox.lastSeq) {
      waiting = waiting.slice(batch.events);
      batch = composeBatch(origin, waiting);
    }
    return batch;
  }

  #retryInMs(outcome: Outcome): number {
    // The first wish for a snapshot is granted at once: what goes out next is another message.
    if (outcome.kind === "snapshotWanted" && this.#failures === 1) return 0;
    const asked = outcome.kind === "busy" ? outcome.retryAfterMs : null;
    return retryDelayMs(this.#failures, (this.#options.random ?? Math.random)(), asked);
  }

  async #rest(ms: number): Promise<void> {
    const { signal } = this.#stopping;
    const rested = Promise.withResolvers<void>();
    const timer = setTimeout(() => rested.resolve(), ms);
    const onAbort = () => rested.resolve();
    signal.addEventListener("abort", onAbort, { once: true });
    await rested.promise;
    signal.removeEventListener("abort", onAbort);
    clearTimeout(timer);
  }
}
