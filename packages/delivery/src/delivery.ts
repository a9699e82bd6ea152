/**
 * Delivery of event streams to receivers, composed: the log, and for each receiver its subscriptions and lanes. The owner
 * of the streams appends through its own transaction and calls `appended` when that is stored.
 */
import type { ParkedEvent } from "@guildwire/events";
import type { Clock } from "@guildwire/runtime/clock";
import { type Cursor, type Jump, readAfter } from "./cursor.ts";
import { Log, type StreamOwner } from "./log.ts";
import type { OutboxBound } from "./outbox-bounds.ts";
import { type OutboxView, outboxView } from "./outbox-view.ts";
import { ReceiverDelivery, type ReceiverOptions } from "./receiver-delivery.ts";
import type { Attempt } from "./sending/attempt.ts";
import type { ShardStatus } from "./sending/message.ts";
import { Place } from "./sending/place.ts";
import type { Tombstone } from "./sending/rendering.ts";
import { Subscription } from "./sending/subscription.ts";
import type { DeliveryStore, LogChange, LogResult, NewEntry } from "./store/delivery-store.ts";
import { STREAM_ID, type Stream, type StreamDefinition } from "./stream.ts";

/** What happened, for logs and metrics. `receiver` is its name. */
export interface DeliveryEvents {
  attempt(receiver: string, attempt: Attempt): void;
  parked(receiver: string, stream: string, parked: ParkedEvent, tries: number): void;
  /** Events are not sent: at a bound, or as the receiver asked for a snapshot again (`null`). */
  jumped(receiver: string, stream: string, jump: Jump, bound: OutboxBound | null): void;
  newEpoch(receiver: string, stream: string): void;
  fenced(receiver: string, stream: string, fence: number): void;
  stopped(receiver: string, stream: string, acked: number): void;
  /** A receiver of an earlier start is not configured any more. */
  removed(receiver: string, streams: number): void;
  /** The store failed. Nothing more is sent. */
  failed(error: unknown): void;
}

export interface DeliveryOptions {
  readonly store: DeliveryStore;
  readonly receivers: readonly ReceiverOptions[];
  readonly owner: StreamOwner;
  readonly events: DeliveryEvents;
  readonly clock: Clock;
  readonly newEpoch: () => string;
  readonly shards: () => readonly ShardStatus[];
  /** Deletes the places of receivers that are not configured any more; `true` by default. */
  readonly forgetsRemoved?: boolean;
  readonly unixMs?: () => number;
  readonly random?: () => number;
}

export class Delivery {
  readonly receivers: ReadonlyMap<string, ReceiverDelivery>;
  readonly #options: Required<DeliveryOptions>;
  readonly #log: Log;
  /** Streams that a receiver joined while they had events: each gets a snapshot when delivery starts. */
  readonly #joined = new Set<string>();

  private constructor(options: DeliveryOptions) {
    const { unixMs = Date.now, random = Math.random, forgetsRemoved = true } = options;
    this.#options = { ...options, unixMs, random, forgetsRemoved };
    const { store, owner, newEpoch, events } = options;
    this.#log = new Log({
      store,
      owner,
      unixMs,
      newEpoch,
      subscriptionsOf: (stream) =>
        [...this.receivers.values()].flatMap(
          ({ subscriptions }) => subscriptions.get(stream)?.subscription ?? [],
        ),
      onEpoch: (stream, receiver) => events.newEpoch(receiver, stream),
    });
    this.receivers = new Map(options.receivers.map((receiver) => [receiver.name, this.#receiver(receiver)]));
  }

  /** Reads what is stored and adds receivers that are new. Nothing is sent before `start`. */
  static async open(options: DeliveryOptions): Promise<Delivery> {
    const delivery = new Delivery(options);
    await delivery.#load();
    return delivery;
  }

  async start(): Promise<void> {
    for (const receiver of this.receivers.values()) receiver.start();
    for (const stream of this.#joined) await this.#log.resnapshot(stream, false);
    this.#joined.clear();
  }

  async stop(): Promise<void> {
    await Promise.all([...this.receivers.values()].map((receiver) => receiver.stop()));
  }

  /** Waits at most this long for each receiver, `failingMs` for one that fails; `true` when nothing waits any more. */
  async flush(withinMs: number, failingMs = withinMs): Promise<boolean> {
    const flushed = await Promise.all(
      [...this.receivers.values()].map((each) => each.flush(each.failures > 0 ? failingMs : withinMs)),
    );
    return flushed.every(Boolean);
  }

  stream(id: string): Stream | undefined {
    return this.#log.find(id);
  }

  get streams(): readonly Stream[] {
    return this.#log.streams;
  }

  /** Makes the stream unless it exists. */
  async openStream(definition: StreamDefinition): Promise<Stream> {
    const known = this.#log.find(definition.id);
    if (known !== undefined) return known;
    if (!STREAM_ID.test(definition.id)) throw new Error(`${definition.id} is no stream id`);
    const cursors = [...this.receivers.values()]
      .filter((receiver) => receiver.subscribesTo(definition))
      .map((receiver) => firstCursor(receiver.name, definition.id));
    const change: LogChange = { op: "open", stream: definition, epoch: this.#options.newEpoch(), cursors };
    const [result] = await this.#options.store.commit([change], { durable: true });
    if (result?.op !== "opened") throw new Error("invariant broken: opening a stream has its own result");
    this.#log.put(result.stream);
    for (const cursor of cursors) await this.#subscribe(result.stream, cursor, new Map());
    return result.stream;
  }

  /** Entries were stored by the owner's commit; called in the order of the commits. */
  appended(result: LogResult | undefined, entries: readonly NewEntry[]): SnapshotPlaces {
    if (result?.op !== "append") throw new Error("invariant broken: an append has its own result");
    const { stream, top, appended } = result;
    this.#log.appended(result);
    let bytes = 0;
    for (const { data } of entries) bytes += Buffer.byteLength(data);
    const timestamp = entries[0]?.timestamp;
    for (const receiver of this.receivers.values()) {
      const subscribed = receiver.subscriptions.get(stream);
      if (subscribed === undefined) continue;
      const others = entries.filter((entry) => (entry.receiver ?? receiver.name) !== receiver.name);
      const othersBytes = others.reduce((sum, { data }) => sum + Buffer.byteLength(data), 0);
      if (timestamp !== undefined)
        subscribed.subscription.place.appended(appended - others.length, bytes - othersBytes, timestamp);
      receiver.wake(stream);
    }
    return { firstSeq: top - appended + 1, lastSeq: top };
  }

  /** Keeps every receiver within its bounds; cheap enough for every append. */
  keepBounded(): void {
    for (const receiver of this.receivers.values()) receiver.keepBounded();
  }

  /** To be called every few seconds: old facts go, and what must not be kept any more is blanked. */
  async maintain(): Promise<void> {
    this.keepBounded();
    await this.#log.pruneFacts();
    const { store, owner, unixMs } = this.#options;
    if (![...this.#log.streams].some(({ kind }) => kind === "fact")) return;
    const blank = (entry: { readonly type: string; readonly data: string }) => owner.blank(entry);
    this.#blanked(await store.commit([{ op: "blankDue", nowMs: unixMs(), blank }], { durable: true }));
  }

  /** Blanks what is kept about a subject, for example a message that was deleted. */
  async blank(stream: string, subject: string): Promise<void> {
    const { store, owner } = this.#options;
    const change: LogChange = { op: "blank", stream, subject, blank: (entry) => owner.blank(entry) };
    this.#blanked(await store.commit([change], { durable: true }));
  }

  /** For changes that the owner committed itself. */
  #blanked(results: readonly LogResult[]): void {
    for (const result of results) {
      if (result.op !== "blanked") continue;
      for (const { stream, seq } of result.places)
        for (const receiver of this.receivers.values())
          receiver.subscriptions.get(stream)?.subscription.invalidate(seq);
    }
  }

  /**
   * Puts parked events of a receiver at the end of their streams, for it alone, and forgets them as parked. In a state
   * stream they are marked `approx`, and a parked snapshot is only forgotten. Returns how many are sent again.
   */
  async replay(receiver: string, sinceIso: string): Promise<number> {
    const { store, owner } = this.#options;
    const parked = await store.parked(receiver, sinceIso, Number.MAX_SAFE_INTEGER);
    const timestamp = this.#log.nowIso();
    const appends = new Map<string, NewEntry[]>();
    for (const { stream, type, data } of parked) {
      const known = this.#log.find(stream);
      if (known === undefined || owner.isSnapshot(type)) continue;
      const entry = { type, timestamp, data: known.kind === "state" ? approx(data) : data, receiver };
      appends.set(stream, [...(appends.get(stream) ?? []), entry]);
    }
    const changes = [...appends].map(([stream, entries]): LogChange => ({ op: "append", stream, entries }));
    const results = await store.commit([...changes, { op: "unpark", receiver, sinceIso }], { durable: true });
    let replayed = 0;
    for (const [index, entries] of [...appends.values()].entries()) {
      this.appended(results[index], entries);
      replayed += entries.length;
    }
    return replayed;
  }

  /** How far each receiver is, what waits for it, and what it refused. */
  async inspect(): Promise<readonly OutboxView[]> {
    const { store } = this.#options;
    const views = [...this.receivers.values()].map((receiver) =>
      outboxView(receiver, store, (id) => this.#log.find(id)),
    );
    return await Promise.all(views);
  }

  async #load(): Promise<void> {
    const { store, events } = this.#options;
    const { streams, cursors, tombstones } = await store.load();
    for (const stream of streams) this.#log.put(stream);
    const gone = new Set(cursors.map(({ receiver }) => receiver).filter((name) => !this.receivers.has(name)));
    for (const receiver of this.#options.forgetsRemoved ? gone : []) {
      await store.commit([{ op: "forget", receiver }], { durable: true });
      events.removed(receiver, cursors.filter((cursor) => cursor.receiver === receiver).length);
    }
    for (const receiver of this.receivers.values()) {
      for (const stream of streams) {
        if (!receiver.subscribesTo(stream)) continue;
        const isHere = (each: { readonly receiver: string; readonly stream: string }) =>
          each.receiver === receiver.name && each.stream === stream.id;
        const cursor = cursors.find(isHere) ?? (await this.#join(receiver.name, stream));
        const marks = tombstones.filter(isHere).filter(({ seq }) => seq > cursor.seq);
        const map = new Map(marks.map(({ seq, type, reason }) => [seq, { type, reason }]));
        await this.#subscribe(stream, cursor, map);
      }
    }
  }

  /** A receiver that is new to a stream with events: a snapshot for a state, a record of what it missed for facts. */
  async #join(receiver: string, { id, kind, top }: Stream): Promise<Cursor> {
    const first = firstCursor(receiver, id);
    const jump: Jump = { from: 1, to: top, count: top, reason: "joined", through: top };
    const cursor = top === 0 ? first : kind === "state" ? { ...first, seq: top } : { ...first, jump };
    await this.#options.store.commit([{ op: "move", cursor }], { durable: true });
    if (top > 0) this.#joined.add(id);
    return cursor;
  }

  async #subscribe(
    stream: Stream,
    cursor: Cursor,
    tombstones: ReadonlyMap<number, Tombstone>,
  ): Promise<void> {
    const receiver = this.receivers.get(cursor.receiver);
    if (receiver === undefined) return;
    const { events } = this.#options;
    const { name } = receiver;
    const reports = {
      parked: (id: string, parked: ParkedEvent, tries: number) => events.parked(name, id, parked, tries),
      jumped: (id: string, jump: Jump, bound: OutboxBound | null) => events.jumped(name, id, jump, bound),
      fenced: (id: string, fence: number) => events.fenced(name, id, fence),
      stopped: (id: string, acked: number) => {
        receiver.halt(id, acked);
        events.stopped(name, id, acked);
      },
    };
    const place = new Place(cursor, this.#log, reports);
    if (readAfter(cursor) < stream.top) await place.recount();
    receiver.add(new Subscription(place, tombstones, this.#log, reports), stream.lane);
  }

  #receiver(options: ReceiverOptions): ReceiverDelivery {
    const { clock, unixMs, random, shards, events } = this.#options;
    return new ReceiverDelivery(options, {
      clock,
      unixMs,
      random,
      shards,
      onAttempt: (attempt) => events.attempt(options.name, attempt),
      onFailure: (error) => events.failed(error),
      repeatStatus: (stream) => void this.#repeatStatus(stream).catch((error) => events.failed(error)),
    });
  }

  /** Gives out a number without an entry: receivers see the stream's status there. */
  async #repeatStatus(id: string): Promise<void> {
    const stream = this.#log.find(id);
    if (stream?.kind !== "state" || this.#log.status(id) === null) return;
    const change: LogChange = { op: "append", stream: id, entries: [], reserve: 1 };
    const [result] = await this.#options.store.commit([change], { durable: true });
    this.appended(result, []);
  }
}

/** Places of what was appended. */
export interface SnapshotPlaces {
  readonly firstSeq: number;
  readonly lastSeq: number;
}

function firstCursor(receiver: string, stream: string): Cursor {
  return { receiver, stream, seq: 0, jump: null, fence: 0 };
}

function approx(data: string): string {
  return JSON.stringify({ ...(JSON.parse(data) as object), approx: true });
}
