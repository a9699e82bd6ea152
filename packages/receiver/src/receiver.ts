/**
 * A receiver of the worker's deliveries, for any web framework.
 *
 *   body ≤ 1 MiB ─413▶ signature over the raw bytes, age ─401▶ JSON, shapes ─400▶ plan ─409▶ store ─500▶ 200 {"acked":N}
 *
 * Every answer carries `guildwire-multi: 1`, so the worker sends many streams in one body from then on; that is answered
 * with 200 and a result for each, which says what the answer to a delivery alone would have said.
 *
 * Rules:
 *   V1  Nothing looks into a body before its signature is verified.
 *   V2  The store commits the events and the progress in one transaction, or neither. `200` leaves only after that.
 *   V3  What was told before is dropped; a hole, or an epoch that is not known, is answered with "send a snapshot".
 *   V4  One delivery of a source at a time in this process. Another process that commits first is found out by the
 *       progress it left (`expected`), and the delivery is looked at again.
 *   V5  A delivery without events is a ping: it is verified, and changes nothing.
 *   V6  In a stream of facts nothing is skipped but by `events.lost`; a hole is answered with "send from here".
 */
import type { KeyObject } from "node:crypto";
import type { GuildwireEvent } from "@guildwire/events";
import {
  type BodyOutcome,
  DELIVERY_BODY_BYTES_MAX,
  type DeliveryOutcome,
  MULTI_HEADER,
  type ReceivedDelivery,
  readBody,
  readSecrets,
  type ShardStatus,
  streamKind,
  type UnknownEvent,
  verifyDelivery,
  WEBHOOK_HEADERS,
} from "@guildwire/events";
import { planDelivery } from "./delivery-plan.ts";
import { planFacts } from "./fact-plan.ts";
import { progressText, readProgress } from "./progress.ts";

/** What a delivery changes: all of it is committed, or nothing. */
export interface Change {
  /** The stream: for rooms, the id of the Discord server. */
  readonly source: string;
  /** In order. A snapshot in parts is one `guild.snapshot` here; types that this version does not know are left out. */
  readonly events: readonly GuildwireEvent[];
  /** Events of a stream of facts, in order, each of them, also `events.lost`. Empty for a server's rooms. */
  readonly facts: readonly UnknownEvent[];
  /** To be stored for this source, in the same transaction. */
  readonly progress: string;
  /** What `load` says now. If it says something else in the transaction, another process was first. */
  readonly expected: string | undefined;
}

export interface ReceiverStore {
  /** The progress last committed for this source; `undefined` before the first. */
  load(source: string): string | undefined | Promise<string | undefined>;
  /** Resolves to false, having changed nothing, when the stored progress is not `expected`. */
  commit(change: Change): boolean | Promise<boolean>;
}

export interface ReceiverOptions {
  /** The value of `HUB_SECRET`: one secret, or several with spaces between them. */
  readonly secrets: string;
  readonly store: ReceiverStore;
  /** Takes deliveries of this server only; without it, of any whose worker knows the secret. */
  readonly source?: string;
  /** Hears what the store threw. The worker is answered 500 and tries again. Writes to standard error by default. */
  readonly onError?: (cause: unknown) => void;
  /** How fresh the worker's shards are; called with every body of the multi form, at least every 10 s. */
  readonly onShards?: (shards: readonly ShardStatus[]) => void;
  /** Unix ms. */
  readonly nowMs?: () => number;
}

export interface Answer {
  readonly status: number;
  readonly json: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;
}

/** Of Node, Express and Fastify, or of a `Request`. */
export type HeaderSource =
  | Readonly<Record<string, string | readonly string[] | undefined>>
  | { get(name: string): string | null };

export interface Receiver {
  /** `body`: the bytes as they came, before anything parsed them. Never rejects. */
  take(delivery: { readonly headers: HeaderSource; readonly body: Uint8Array | string }): Promise<Answer>;
}

/** Deliveries of one source that may wait; the worker sends one at a time, so more are someone's mistake. */
const WAITING_MAX = 16;
const COMMIT_ATTEMPTS_MAX = 5;
/** Problems named in one answer; a body can hold thousands. */
const PROBLEMS_MAX = 20;

/** @throws Error when the secrets cannot be read; the message never quotes them. */
export function createReceiver({
  secrets,
  store,
  source: only,
  onError = sayOnStandardError,
  onShards,
  nowMs = Date.now,
}: ReceiverOptions): Receiver {
  const keys = keysOf(secrets);
  const waiting = new Map<string, Promise<unknown>[]>();

  async function takeNow(delivery: ReceivedDelivery): Promise<Answer> {
    for (let tries = 0; tries < COMMIT_ATTEMPTS_MAX; tries++) {
      const expected = await store.load(delivery.source);
      const planned = planOf(expected, delivery);
      if ("answer" in planned) return planned.answer;
      if (await store.commit(planned.change)) return answer(200, { acked: planned.acked });
    }
    return busy("another process keeps committing for this server");
  }

  async function inTurn(source: string, work: () => Promise<Answer>): Promise<Answer> {
    const turns = waiting.get(source) ?? [];
    if (turns.length >= WAITING_MAX) return busy("too many deliveries wait; send one at a time");
    waiting.set(source, turns);
    const turn = (turns.at(-1) ?? Promise.resolve()).then(work).catch((cause: unknown) => {
      onError(cause);
      return answer(500, { error: "the delivery could not be committed; nothing of it was applied" });
    });
    turns.push(turn);
    const result = await turn;
    turns.splice(turns.indexOf(turn), 1);
    if (turns.length === 0) waiting.delete(source);
    return result;
  }

  async function takeOne(read: DeliveryOutcome): Promise<Answer> {
    if (!read.ok) return invalid(read.problems);
    const { delivery } = read;
    if (only !== undefined && delivery.source !== only) {
      return answer(403, { error: `deliveries of server ${delivery.source} are not taken here` });
    }
    if (delivery.events.length === 0) return answer(200, { pong: true });
    return await inTurn(delivery.source, () => takeNow(delivery));
  }

  return {
    async take({ headers, body }) {
      const bytes = typeof body === "string" ? Buffer.from(body) : body;
      if (bytes.byteLength > DELIVERY_BODY_BYTES_MAX) return tooLarge();
      const signed = {
        id: headerOf(headers, WEBHOOK_HEADERS.id),
        timestamp: headerOf(headers, WEBHOOK_HEADERS.timestamp),
        signature: headerOf(headers, WEBHOOK_HEADERS.signature),
      };
      const verified = verifyDelivery(signed, bytes, keys, nowMs());
      if (!verified.ok) return answer(401, { error: verified.problem });
      const read = readJson(bytes);
      if (read.form === "single") return await takeOne(read.read);
      if (read.form === "neither") return invalid(read.problems);
      onShards?.(read.multi.shards);
      const results = read.multi.deliveries.map(async ({ source, read: one }) => ({
        source,
        ...resultOf(await takeOne(one)),
      }));
      return answer(200, { results: await Promise.all(results) });
    },
  };
}

type Planned =
  | { readonly answer: Answer }
  /** To be committed, and then acknowledged. */
  | { readonly change: Change; readonly acked: number };

/** `expected`: the progress that is stored now. */
function planOf(expected: string | undefined, delivery: ReceivedDelivery): Planned {
  const before = expected === undefined ? undefined : readProgress(expected);
  const { source, fence = 0 } = delivery;
  if (fence < (before?.fence ?? 0)) return { answer: answer(409, { fenced: before?.fence }) };
  const isState = streamKind(source) === "state";
  const plan = isState ? planDelivery(before, delivery) : planFacts(before, delivery);
  switch (plan.type) {
    case "wantSnapshot":
      return { answer: answer(409, { want: "snapshot", error: plan.message }) };
    case "wantFrom":
      return {
        answer: answer(409, { want: "from", epoch: plan.epoch, seq: plan.seq, error: plan.message }),
      };
    case "nothingNew":
      return { answer: answer(200, { acked: plan.cursor.seq }) };
    case "apply": {
      const progress = progressText(before, plan, fence);
      const facts = isState ? [] : plan.events.map(({ event }) => event);
      return {
        change: { source, events: plan.told, facts, progress, expected },
        acked: plan.cursor.seq,
      };
    }
  }
}

function sayOnStandardError(cause: unknown): void {
  process.stderr.write(`${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}\n`);
}

function keysOf(secrets: string): readonly KeyObject[] {
  const read = readSecrets(secrets);
  if (!read.ok) throw new Error(`the secret of deliveries (HUB_SECRET) ${read.problem}`);
  return read.keys;
}

function headerOf(headers: HeaderSource, name: string): string | undefined {
  if (typeof headers.get === "function") return headers.get(name) ?? undefined;
  const value = (headers as Readonly<Record<string, string | readonly string[] | undefined>>)[name];
  return typeof value === "string" ? value : value?.[0];
}

function readJson(bytes: Uint8Array): BodyOutcome {
  try {
    return readBody(JSON.parse(Buffer.from(bytes).toString("utf8")));
  } catch {
    return { form: "neither", problems: ["the body is not JSON"] };
  }
}

function invalid(problems: readonly string[]): Answer {
  return answer(400, { error: problems.slice(0, PROBLEMS_MAX).join("; ") });
}

/** What the answer to one delivery is as a result among others. */
function resultOf({ status, json }: Answer): Answer["json"] {
  if (status === 200 || (status === 409 && !("acked" in json))) return json;
  return { refused: { status, error: json["error"] } };
}

function answer(status: number, json: Answer["json"], headers: Answer["headers"] = {}): Answer {
  return { status, json, headers: { [MULTI_HEADER]: "1", ...headers } };
}

export function tooLarge(): Answer {
  return answer(413, { error: `a delivery may have ${DELIVERY_BODY_BYTES_MAX} bytes` });
}

function busy(error: string): Answer {
  return answer(503, { error }, { "retry-after": "1" });
}
