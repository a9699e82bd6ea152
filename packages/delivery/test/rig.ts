/** Delivery with a store, virtual time, and receivers that answer as the test says. */
import { createVirtualClock, type VirtualClock } from "@guildwire/runtime/testing";
import { expect, onTestFinished } from "vitest";
import type { Jump } from "../src/cursor.ts";
import { Delivery } from "../src/delivery.ts";
import type { StreamOwner } from "../src/log.ts";
import type { OutboxBounds } from "../src/outbox-bounds.ts";
import type { Attempt } from "../src/sending/attempt.ts";
import type { Message, Reply } from "../src/sending/post.ts";
import type { DeliveryStore, NewEntry } from "../src/store/delivery-store.ts";
import { createMemoryStore } from "../src/store/memory-store.ts";
import type { LaneName, StreamDefinition } from "../src/stream.ts";

export const AT = "2026-11-21T09:00:00.000Z";
export const ROOMS: StreamDefinition = { id: "100", kind: "state", family: "rooms", lane: "state" };
export const FACTS: StreamDefinition = { id: "100/facts", kind: "fact", family: "facts", lane: "facts" };

export interface SentEvent {
  readonly seq: number;
  readonly id: string;
  readonly type: string;
  readonly timestamp: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface SentDelivery {
  readonly source: string;
  readonly epoch: string;
  readonly fence?: number;
  readonly events: readonly SentEvent[];
}

/** One POST as the receiver got it. */
export interface Received {
  readonly id: string;
  readonly body: string;
  readonly deliveries: readonly SentDelivery[];
  readonly isMulti: boolean;
  readonly events: readonly SentEvent[];
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly atMs: number;
  readonly sentAt: boolean;
}

type AnswerBody = { readonly status: number; readonly json?: unknown; readonly retryAfter?: string };
export type Answer = (received: Received) => AnswerBody | "no answer" | Promise<AnswerBody | "no answer">;

export const take: Answer = ({ isMulti, deliveries, lastSeq }) => ({
  status: 200,
  json: isMulti
    ? { results: deliveries.map(({ source, events }) => ({ source, acked: events.at(-1)?.seq ?? 0 })) }
    : { acked: lastSeq },
});

export interface ReceiverSetUp {
  /** One per POST, and when they are used up everything is acknowledged; or one function for all POSTs. */
  readonly answers?: Answer[] | Answer;
  readonly families?: readonly string[];
  /** Answers carry `guildwire-multi: 1`. */
  readonly multi?: boolean;
  readonly bounds?: Partial<OutboxBounds>;
}

export interface SetUp {
  readonly receivers?: Readonly<Record<string, ReceiverSetUp>>;
  readonly store?: DeliveryStore;
  readonly clock?: VirtualClock;
  /** The entries a snapshot consists of; `null`: there is nothing to describe. */
  readonly snapshot?: readonly NewEntry[] | null;
  readonly status?: string | null;
}

export const entry = (n: number, more: Partial<NewEntry> = {}): NewEntry => ({
  type: "thing.said",
  timestamp: AT,
  data: JSON.stringify({ n }),
  ...more,
});
export const SNAPSHOT: NewEntry = { type: "guild.snapshot", timestamp: AT, data: '{"whole":true}' };
const STATUS: NewEntry = { type: "source.status", timestamp: AT, data: '{"status":"live"}' };
const BOUNDS: OutboxBounds = { rowsMax: 1_000_000, bytesMax: 1e12, ageMaxS: 1e9 };

export async function setUp({
  receivers = { a: {} },
  store = createMemoryStore(),
  clock = createVirtualClock(),
  snapshot = [SNAPSHOT],
  status = null,
}: SetUp = {}) {
  const received: Record<string, Received[]> = {};
  /** What was answered with 200. */
  const taken: Record<string, Received[]> = {};
  const attempts: Attempt[] = [];
  const parked: [string, number][] = [];
  const jumps: [string, string, Jump][] = [];
  const stopped: string[] = [];
  const removed: string[] = [];
  const fenced: number[] = [];
  const startedAtMs = Date.parse(AT);
  const unixMs = () => startedAtMs + clock.monotonicMs();
  let epochs = 0;

  const owner: StreamOwner = {
    async resnapshot(stream, withStatus) {
      if (snapshot === null) return null;
      const places = await append(stream, ...snapshot, ...(withStatus ? [STATUS] : []));
      return { firstSeq: places.firstSeq, lastSeq: places.lastSeq };
    },
    status: () => (status === null ? null : { status, since: AT }),
    isSnapshot: (type) => type.includes("snapshot"),
    blank: ({ data }) => JSON.stringify({ ...JSON.parse(data), text: "" }),
  };

  function connect(name: string, { answers = [], multi = false }: ReceiverSetUp, lane: LaneName) {
    const post = async (message: Message, signal: AbortSignal): Promise<Reply> => {
      const aborted = new Promise<"no answer">((resolve) =>
        signal.addEventListener("abort", () => resolve("no answer")),
      );
      const one = readMessage(message, clock.monotonicMs());
      received[name]?.push(one);
      const answer = typeof answers === "function" ? answers : (answers.shift() ?? take);
      const given = await Promise.race([answer(one), aborted]);
      if (given === "no answer") return { kind: "unreachable", detail: `no answer in lane ${lane}` };
      const { status: code, json = {}, retryAfter = null } = given;
      if (code === 200) taken[name]?.push(one);
      return {
        kind: "answer",
        status: code,
        retryAfter,
        challenge: null,
        text: JSON.stringify(json),
        isMulti: multi,
      };
    };
    return { post, close: () => Promise.resolve() };
  }

  const delivery = await Delivery.open({
    store,
    owner,
    clock,
    unixMs,
    random: () => 1,
    newEpoch: () => `e${++epochs}_${Math.floor(clock.monotonicMs())}`,
    shards: () => [{ app: "9", id: 0, of: 1, status: "live", since: AT }],
    receivers: Object.entries(receivers).map(([name, receiver]) => {
      received[name] = [];
      taken[name] = [];
      return {
        name,
        families: receiver.families ?? ["rooms", "facts", "interactions"],
        bounds: { ...BOUNDS, ...receiver.bounds },
        connect: (lane) => connect(name, receiver, lane),
      };
    }),
    events: {
      attempt: (_, attempt) => attempts.push(attempt),
      parked(receiver, stream, { seq, type }) {
        parked.push([receiver, seq]);
        if (stream === ROOMS.id && !owner.isSnapshot(type)) void owner.resnapshot(stream, false);
      },
      jumped: (receiver, stream, jump) => jumps.push([receiver, stream, jump]),
      newEpoch: () => undefined,
      fenced: (_receiver, _stream, fence) => fenced.push(fence),
      stopped: (receiver) => stopped.push(receiver),
      removed: (receiver) => removed.push(receiver),
      failed: (error) => expect.unreachable(String(error)),
    },
  });
  onTestFinished(() => delivery.stop());

  async function append(stream: string, ...entries: readonly NewEntry[]) {
    const [result] = await store.commit([{ op: "append", stream, entries }], { durable: true });
    return delivery.appended(result, entries);
  }

  /** One event in each of many streams, in one commit. */
  async function appendTo(streams: readonly string[], ...entries: readonly NewEntry[]) {
    const changes = streams.map((stream) => ({ op: "append", stream, entries }) as const);
    const results = await store.commit(changes, { durable: true });
    for (const result of results) delivery.appended(result, entries);
  }

  return {
    delivery,
    appendTo,
    store,
    clock,
    taken,
    attempts,
    parked,
    jumps,
    stopped,
    removed,
    fenced,
    append,
    a: received["a"] ?? [],
    b: received["b"] ?? [],
    flush: (withinMs = 3_600_000) => clock.until(delivery.flush(withinMs)),
    waiting: (receiver = "a") => delivery.receivers.get(receiver)?.depth.waiting,
  };
}

function readMessage({ id, body, withSentAt = false }: Message, atMs: number): Received {
  const json = JSON.parse(body) as SentDelivery & { readonly deliveries?: readonly SentDelivery[] };
  const deliveries = json.deliveries ?? [json];
  const events = deliveries.flatMap((delivery) => delivery.events);
  return {
    id,
    body,
    deliveries,
    isMulti: json.deliveries !== undefined,
    events,
    firstSeq: events[0]?.seq ?? 0,
    lastSeq: events.at(-1)?.seq ?? 0,
    atMs,
    sentAt: withSentAt,
  };
}

export const seqs = (one: Received | undefined) => one?.events.map(({ seq }) => seq);

/** Keeps what a correct receiver of facts keeps, and fails when something is out of order. */
export function factsOf(received: readonly Received[], source = FACTS.id): readonly SentEvent[] {
  const kept: SentEvent[] = [];
  let last = 0;
  for (const { deliveries } of received) {
    for (const event of deliveries.filter((each) => each.source === source).flatMap(({ events }) => events)) {
      if (event.seq <= last) continue;
      if (event.type === "events.lost") expect(event.data["from"]).toBe(last + 1);
      else expect(event.seq).toBe(last + 1);
      kept.push(event);
      last = event.seq;
    }
  }
  return kept;
}
