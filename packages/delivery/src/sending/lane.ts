/**
 * One lane of one receiver: its streams in turn, one request in flight, until it is stopped. Rules:
 *   LANE-1  A failure of the connection delays the lane; a refusal of one stream's content delays that stream.
 *   LANE-2  Streams are served in turn: what was sent goes to the end of the line.
 *   LANE-3  What is due in the log (bounds, blanked text) is done before the next request, also during a wait.
 */
import type { Clock } from "@guildwire/runtime/clock";
import type { OutboxBounds } from "../outbox-bounds.ts";
import { type Outcome, outcomeOf, outcomesOf } from "../settling/outcome.ts";
import { interactionDelayMs, retryDelayMs } from "../settling/retry-policy.ts";
import type { Settled } from "../settling/settle.ts";
import type { LaneName } from "../stream.ts";
import { type Attempt, attemptOf } from "./attempt.ts";
import { BATCH_BYTES_MAX, type Batch } from "./batch.ts";
import { fits, MULTI_BYTES_MAX, multiMessage, type ShardStatus, singleMessage } from "./message.ts";
import type { Message, Post, Reply } from "./post.ts";
import type { Subscription } from "./subscription.ts";

export interface LaneOptions {
  readonly name: LaneName;
  readonly post: Post;
  readonly clock: Clock;
  readonly bounds: OutboxBounds;
  readonly unixMs: () => number;
  readonly random: () => number;
  readonly shards: () => readonly ShardStatus[];
  readonly isMulti: () => boolean;
  /** An answer came; called before it is applied. */
  readonly onReply: (reply: Reply) => void;
  /** The receiver acknowledged something, or answered a heartbeat. */
  readonly onTaken: () => void;
  readonly onAttempt: (attempt: Attempt) => void;
}

interface Part {
  readonly subscription: Subscription;
  readonly batch: Batch;
}

/** These say nothing about a stream, so the whole lane waits. */
const OF_THE_CONNECTION: ReadonlySet<Outcome["kind"]> = new Set([
  "unreachable",
  "signatureRefused",
  "endpointWrong",
  "busy",
]);
const FAILED = { kind: "busy", status: 503, retryAfterMs: null } as const;
const NO_ANSWER_FOR_STREAM: Outcome = { ...FAILED, detail: "no result for this source" };
const NO_MULTI_ANSWER: Outcome = { ...FAILED, detail: "no answer to the multi form" };

export class Lane {
  readonly #options: LaneOptions;
  readonly #stopping = new AbortController();
  /** Streams with something to send, in the order of their turns. */
  readonly #ready = new Set<Subscription>();
  #wake = Promise.withResolvers<void>();
  #emptied = Promise.withResolvers<void>();
  #running: Promise<void> = Promise.resolve();
  #failures = 0;
  #notBeforeMs = 0;
  /** Halved by every 413, for the life of the process. */
  #multiBytesMax = MULTI_BYTES_MAX;
  #failed: { readonly message: Message; readonly parts: readonly Part[] } | undefined;
  #heartbeatIsDue = false;
  #postSinceMs: number | null = null;
  #isHalted = false;

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  /** `onFailure`: the log could not be read or written; the lane has ended. */
  start(onFailure: (error: unknown) => void): void {
    this.#running = this.#run().catch(onFailure);
  }

  /** The stream has something to send, or something is due in it. */
  wake(subscription?: Subscription): void {
    if (subscription !== undefined) this.#ready.add(subscription);
    this.#wake.resolve();
  }

  /** Sends an empty delivery, unless something else is sent first. */
  heartbeat(): void {
    this.#heartbeatIsDue = true;
    this.#wake.resolve();
  }

  /** Sends nothing more; the log is still kept within its bounds. */
  halt(): void {
    this.#isHalted = true;
  }

  /** Requests in a row without an answer that could be used. */
  get failures(): number {
    return this.#failures;
  }

  /** When the POST in flight began, by the clock; `null` without one. */
  get postSinceMs(): number | null {
    return this.#postSinceMs;
  }

  /** Resolves when nothing waits. */
  emptied(): Promise<void> {
    this.#emptied = Promise.withResolvers<void>();
    this.#wake.resolve();
    return this.#emptied.promise;
  }

  /** Gives up the request in flight; its events stay in the log. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#wake.resolve();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { clock, bounds, unixMs } = this.#options;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      this.#wake = Promise.withResolvers<void>();
      for (const subscription of this.#ready)
        if (subscription.isDue) await subscription.tend(bounds, unixMs());
      const nowMs = clock.monotonicMs();
      if (this.#isHalted || nowMs < this.#notBeforeMs) {
        await this.#rest(this.#isHalted ? null : this.#notBeforeMs);
        continue;
      }
      const parts = this.#repeated() ?? (await this.#parts(nowMs));
      if (parts.length === 0 && !(this.#heartbeatIsDue && this.#options.isMulti())) {
        if (this.#ready.size === 0) this.#emptied.resolve();
        await this.#rest(this.#nextTurnMs());
        continue;
      }
      await this.#send(parts);
    }
  }

  /** The request that failed as a whole, while all of it is still true: the same message is sent again. */
  #repeated(): readonly Part[] | undefined {
    const failed = this.#failed;
    const isTrue = failed?.parts.every(({ subscription, batch }) => subscription.take(batch));
    if (isTrue === true) return failed?.parts;
    for (const { subscription } of failed?.parts ?? []) subscription.release();
    this.#failed = undefined;
    return undefined;
  }

  /** What the next request carries: one batch, or in the multi form as many as fit. */
  async #parts(nowMs: number): Promise<readonly Part[]> {
    const parts: Part[] = [];
    for (const subscription of [...this.#ready]) {
      if (subscription.notBeforeMs > nowMs) continue;
      const batch = await subscription.nextBatch();
      if (batch === undefined) {
        if (!subscription.hasMore) this.#ready.delete(subscription);
        continue;
      }
      const held = parts.map((part) => part.batch);
      if (!fits(held, batch, this.#multiBytesMax)) {
        subscription.release();
        break;
      }
      parts.push({ subscription, batch });
      if (!this.#options.isMulti()) break;
    }
    return parts;
  }

  async #send(parts: readonly Part[]): Promise<void> {
    const { post, clock, onReply, onTaken, isMulti, name } = this.#options;
    const { signal } = this.#stopping;
    const wasMulti = isMulti();
    const message = this.#failed?.message ?? this.#message(parts, wasMulti);
    this.#failed = undefined;
    this.#heartbeatIsDue = false;
    const startedAtMs = clock.monotonicMs();
    this.#postSinceMs = startedAtMs;
    const reply = await post({ ...message, withSentAt: name === "interactions" }, signal);
    this.#postSinceMs = null;
    if (signal.aborted && reply.kind === "unreachable") return;
    onReply(reply);
    const durationMs = clock.monotonicMs() - startedAtMs;
    for (const { subscription } of parts) this.#turnOver(subscription);
    if (wasMulti) await this.#settleMulti(message, parts, reply, durationMs);
    else await this.#settleSingle(message, parts, reply, durationMs);
    if (reply.kind === "answer" && reply.status < 300) onTaken();
    for (const { subscription } of parts) if (!subscription.hasMore) this.#ready.delete(subscription);
  }

  #message(parts: readonly Part[], asMulti: boolean): Message {
    const { shards, random } = this.#options;
    const [first] = parts;
    if (!asMulti && first !== undefined) return singleMessage(first.batch);
    const nonce = Math.floor(random() * 2 ** 48).toString(36);
    return multiMessage(
      parts.map(({ batch }) => batch),
      shards(),
      nonce,
    );
  }

  async #settleSingle(
    message: Message,
    parts: readonly Part[],
    reply: Reply,
    durationMs: number,
  ): Promise<void> {
    const [part] = parts;
    if (part === undefined) return;
    const outcome = reply.kind === "answer" ? outcomeOf(reply, this.#options.unixMs()) : reply;
    const settled = await this.#settle(part, outcome);
    const isOfConnection = OF_THE_CONNECTION.has(outcome.kind);
    this.#failures = isOfConnection ? settled.state.failures : 0;
    if (isOfConnection && settled.retryInMs !== null) {
      this.#notBeforeMs = this.#options.clock.monotonicMs() + settled.retryInMs;
      part.subscription.notBeforeMs = 0;
    }
    this.#report(message, [part], outcome, settled, durationMs);
  }

  async #settleMulti(
    message: Message,
    parts: readonly Part[],
    reply: Reply,
    durationMs: number,
  ): Promise<void> {
    const outcomes = reply.kind === "answer" ? outcomesOf(reply) : undefined;
    if (outcomes === undefined) return this.#failedAsWhole(message, parts, reply, durationMs);
    this.#failures = 0;
    const taken: Part[] = [];
    let last: Settled | undefined;
    for (const part of parts) {
      const outcome = outcomes.get(part.subscription.stream) ?? NO_ANSWER_FOR_STREAM;
      const settled = await this.#settle(part, outcome);
      if (settled.verdict.kind !== "acknowledge") {
        this.#report(message, [part], outcome, settled, durationMs);
        continue;
      }
      taken.push(part);
      last = settled;
    }
    const acked = taken.at(-1)?.batch.lastSeq;
    if (last !== undefined && acked !== undefined)
      this.#report(message, taken, { kind: "delivered", acked }, last, durationMs);
  }

  /** The request failed as a whole: no stream is suspected, and the same is sent again. */
  #failedAsWhole(message: Message, parts: readonly Part[], reply: Reply, durationMs: number): void {
    const { clock, random, unixMs, name, isMulti } = this.#options;
    const read: Outcome = reply.kind === "answer" ? outcomeOf(reply, unixMs()) : reply;
    for (const { subscription } of parts) subscription.release();
    // The receiver understands only the single form after all: it gets that at once.
    if (!isMulti()) return;
    this.#failures += 1;
    if (reply.kind === "answer" && reply.status === 413)
      this.#multiBytesMax = Math.max(BATCH_BYTES_MAX, Math.floor(this.#multiBytesMax / 2));
    else if (parts.length > 0) this.#failed = { message, parts };
    const retryInMs =
      name === "interactions"
        ? interactionDelayMs(this.#failures)
        : retryDelayMs(read, this.#failures, random());
    this.#notBeforeMs = clock.monotonicMs() + retryInMs;
    const outcome: Outcome =
      OF_THE_CONNECTION.has(read.kind) || read.kind === "contentRefused" ? read : NO_MULTI_ANSWER;
    const state = { failures: this.#failures };
    this.#report(message, parts, outcome, { state, verdict: { kind: "keep" }, retryInMs }, durationMs);
  }

  async #settle({ subscription, batch }: Part, outcome: Outcome): Promise<Settled> {
    const { clock, random, isMulti } = this.#options;
    const nowMs = clock.monotonicMs();
    const context = { nowMs, roll: random(), isMulti: isMulti(), failures: this.#failures };
    const settled = await subscription.settle(batch, outcome, context);
    subscription.notBeforeMs = settled.retryInMs === null ? 0 : nowMs + settled.retryInMs;
    return settled;
  }

  #report(
    message: Message,
    parts: readonly Part[],
    outcome: Outcome,
    settled: Pick<Attempt, "verdict" | "retryInMs"> & { readonly state: { readonly failures: number } },
    durationMs: number,
  ): void {
    const batches = parts.map(({ batch }) => batch);
    const { verdict, retryInMs, state } = settled;
    const facts = { outcome, verdict, retryInMs, failures: state.failures, durationMs };
    this.#options.onAttempt(attemptOf(this.#options.name, message, batches, facts));
  }

  #turnOver(subscription: Subscription): void {
    this.#ready.delete(subscription);
    this.#ready.add(subscription);
  }

  #nextTurnMs(): number | null {
    const turns = [...this.#ready].map(({ notBeforeMs }) => notBeforeMs).filter((atMs) => atMs > 0);
    return turns.length === 0 ? null : Math.min(...turns);
  }

  /** Until something is new, or until a time by the clock. */
  async #rest(untilMs: number | null): Promise<void> {
    const { clock } = this.#options;
    const afterMs = untilMs === null ? null : Math.max(0, untilMs - clock.monotonicMs());
    const cancel = afterMs === null ? () => undefined : clock.after(afterMs, () => this.#wake.resolve());
    await this.#wake.promise;
    cancel();
  }
}
