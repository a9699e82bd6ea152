/**
 * Everything about one receiver: its three lanes, its form, its health. Rules:
 *   RECEIVER-1  The multi form is used as soon as an answer carries `guildwire-multi: 1`, and the single form again when
 *               a receiver that went back to it refuses the body.
 *   RECEIVER-2  Every 10 s without an acknowledgement it gets a sign that the sender is alive: in the multi form an empty
 *               delivery, in the single form the status of its state streams, under a new number.
 */
import type { Clock } from "@guildwire/runtime/clock";
import { exceededBound, type OutboxBound, type OutboxBounds, type OutboxDepth } from "./outbox-bounds.ts";
import type { Attempt } from "./sending/attempt.ts";
import { Lane } from "./sending/lane.ts";
import type { ShardStatus } from "./sending/message.ts";
import type { Post, Reply } from "./sending/post.ts";
import type { Subscription } from "./sending/subscription.ts";
import { LANES, type LaneName, type StreamDefinition } from "./stream.ts";

export interface ReceiverOptions {
  /** Unique; in logs, metrics and the store. */
  readonly name: string;
  /** Families of streams it gets. */
  readonly families: readonly string[];
  readonly bounds: OutboxBounds;
  /** One connection per lane, opened with the first request. */
  readonly connect: (lane: LaneName) => { post: Post; close(): Promise<void> };
}

export interface ReceiverEnvironment {
  readonly clock: Clock;
  readonly unixMs: () => number;
  readonly random: () => number;
  readonly shards: () => readonly ShardStatus[];
  readonly onAttempt: (attempt: Attempt) => void;
  readonly onFailure: (error: unknown) => void;
  /** Gives a number to the repeated status of a state stream that this receiver has in full. */
  readonly repeatStatus: (stream: string) => void;
}

export const HEARTBEAT_AFTER_MS = 10_000;
/** Bodies that a receiver of the single form refuses. */
const NOT_UNDERSTOOD: ReadonlySet<number> = new Set([400, 415, 422]);

export class ReceiverDelivery {
  readonly name: string;
  readonly bounds: OutboxBounds;
  readonly subscriptions = new Map<string, { readonly subscription: Subscription; readonly lane: Lane }>();
  readonly #options: ReceiverOptions;
  readonly #environment: ReceiverEnvironment;
  readonly #lanes: ReadonlyMap<LaneName, Lane>;
  readonly #connections: { close(): Promise<void> }[] = [];
  #isMulti = false;
  /** The form has just changed: a receiver learns from a delivery which shards its streams belong to. */
  #owesStatus = false;
  #stopped: { readonly stream: string; readonly acked: number } | null = null;
  #takenAtMs = 0;
  #cancelHeartbeat: (() => void) | undefined;

  constructor(options: ReceiverOptions, environment: ReceiverEnvironment) {
    this.name = options.name;
    this.bounds = options.bounds;
    this.#options = options;
    this.#environment = environment;
    this.#lanes = new Map(LANES.map((name) => [name, this.#lane(name)]));
  }

  subscribesTo({ family, receiver = this.name }: StreamDefinition): boolean {
    return receiver === this.name && this.#options.families.includes(family);
  }

  add(subscription: Subscription, laneName: LaneName): void {
    const lane = this.#lanes.get(laneName);
    if (lane === undefined) throw new Error(`there is no lane ${laneName}`);
    this.subscriptions.set(subscription.stream, { subscription, lane });
    if (subscription.hasMore) lane.wake(subscription);
  }

  start(): void {
    for (const lane of this.#lanes.values()) lane.start(this.#environment.onFailure);
    this.#takenAtMs = this.#environment.clock.monotonicMs();
    this.#watch(HEARTBEAT_AFTER_MS);
  }

  /** Something is new in the stream. */
  wake(stream: string): void {
    const subscribed = this.subscriptions.get(stream);
    subscribed?.lane.wake(subscribed.subscription);
  }

  /** Nothing more is sent to this receiver until the process starts again. */
  halt(stream: string, acked: number): void {
    this.#stopped ??= { stream, acked };
    for (const lane of this.#lanes.values()) lane.halt();
  }

  get stopped(): { readonly stream: string; readonly acked: number } | null {
    return this.#stopped;
  }

  get isMulti(): boolean {
    return this.#isMulti;
  }

  /** The most attempts in a row that did not help, of a lane or a stream. */
  get failures(): number {
    let most = 0;
    for (const lane of this.#lanes.values()) most = Math.max(most, lane.failures);
    for (const { subscription } of this.subscriptions.values()) most = Math.max(most, subscription.failures);
    return most;
  }

  /** When the oldest POST in flight began, by the clock. */
  get postSinceMs(): number | null {
    const since = [...this.#lanes.values()].flatMap(({ postSinceMs }) => postSinceMs ?? []);
    return since.length === 0 ? null : Math.min(...since);
  }

  get depth(): OutboxDepth {
    let [waiting, bytes] = [0, 0];
    let oldestTimestamp: string | null = null;
    for (const { subscription } of this.subscriptions.values()) {
      const { depth } = subscription.place;
      waiting += depth.waiting;
      bytes += depth.bytes;
      const oldest = depth.oldestTimestamp;
      if (oldest !== null && (oldestTimestamp === null || oldest < oldestTimestamp)) oldestTimestamp = oldest;
    }
    return { waiting, bytes, oldestTimestamp };
  }

  /** Has the streams give up events that exceed a bound: the one that holds most of what is too much. */
  keepBounded(): void {
    const before = { waiting: 0, bytes: 0 };
    for (const { subscription } of this.subscriptions.values()) {
      before.waiting += subscription.place.depthAfterJump.waiting;
      before.bytes += subscription.place.depthAfterJump.bytes;
    }
    const bound = exceededBound(this.depth, this.bounds, this.#environment.unixMs(), before);
    if (bound === null) return;
    const [heaviest] = [...this.subscriptions.values()].toSorted((a, b) =>
      heavier(a.subscription.place.depth, b.subscription.place.depth, bound),
    );
    heaviest?.subscription.giveUp(bound);
    heaviest?.lane.wake(heaviest.subscription);
  }

  /** Waits at most `withinMs` for everything to be acknowledged; `true` when it is. */
  async flush(withinMs: number): Promise<boolean> {
    const deadline = Promise.withResolvers<boolean>();
    const cancel = this.#environment.clock.after(withinMs, () => deadline.resolve(false));
    const emptied = Promise.all([...this.#lanes.values()].map((lane) => lane.emptied())).then(() => true);
    const isEmpty = await Promise.race([emptied, deadline.promise]);
    cancel();
    return isEmpty;
  }

  async stop(): Promise<void> {
    this.#cancelHeartbeat?.();
    await Promise.all([...this.#lanes.values()].map((lane) => lane.stop()));
    await Promise.all(this.#connections.map((connection) => connection.close()));
  }

  #lane(name: LaneName): Lane {
    const { clock, unixMs, random, shards, onAttempt } = this.#environment;
    return new Lane({
      name,
      post: this.#lazily(name),
      clock,
      bounds: this.bounds,
      unixMs,
      random,
      shards,
      isMulti: () => this.#isMulti,
      onReply: (reply) => this.#negotiate(reply),
      onTaken: () => {
        this.#takenAtMs = clock.monotonicMs();
        if (this.#owesStatus) this.#repeatAll();
        this.#owesStatus = false;
      },
      onAttempt,
    });
  }

  #lazily(name: LaneName): Post {
    let post: Post | undefined;
    return (message, signal) => {
      if (post === undefined) {
        const connection = this.#options.connect(name);
        this.#connections.push(connection);
        post = connection.post;
      }
      return post(message, signal);
    };
  }

  #negotiate(reply: Reply): void {
    if (reply.kind !== "answer") return;
    if (reply.isMulti) {
      this.#owesStatus ||= !this.#isMulti;
      this.#isMulti = true;
    } else if (NOT_UNDERSTOOD.has(reply.status)) this.#isMulti = false;
  }

  /** One timer, moved only when it fires: a delivery costs no timer. */
  #watch(afterMs: number): void {
    const { clock } = this.#environment;
    this.#cancelHeartbeat = clock.after(afterMs, () => {
      const leftMs = this.#takenAtMs + HEARTBEAT_AFTER_MS - clock.monotonicMs();
      if (leftMs <= 0) this.#beat();
      this.#watch(leftMs > 0 ? leftMs : HEARTBEAT_AFTER_MS);
    });
  }

  #beat(): void {
    if (this.#stopped !== null) return;
    if (this.#isMulti) {
      this.#lanes.get("state")?.heartbeat();
      return;
    }
    this.#repeatAll();
  }

  /** Of the streams of which nothing waits. */
  #repeatAll(): void {
    for (const { subscription } of this.subscriptions.values())
      if (!subscription.hasMore) this.#environment.repeatStatus(subscription.stream);
  }
}

function heavier(a: OutboxDepth, b: OutboxDepth, bound: OutboxBound): number {
  if (bound === "rows") return b.waiting - a.waiting;
  if (bound === "bytes") return b.bytes - a.bytes;
  const age = (depth: OutboxDepth) => depth.oldestTimestamp ?? "9";
  return age(a) < age(b) ? -1 : 1;
}
