/**
 * `POST /api/internal/events`: a worker's delivery.
 *
 *   body ≤ 1 MiB ─413▶ signature over the raw bytes ─401▶ JSON ─400▶ shapes ─400▶ source's writer ─409▶ 200
 *
 * The signature is verified before anything looks into the body, so a stranger can make this process hash one body
 * and no more. `200 {"acked":N}` leaves only after the commit. A body without events is a ping: 200 `{"pong":true}`.
 *
 * Every answer carries `guildwire-multi: 1`: from then on a worker sends many sources in one body, and is answered with 200
 * and a result for each. Without deliveries such a body is a heartbeat, which shows that the worker lives.
 */
import type { KeyObject } from "node:crypto";
import {
  type BodyOutcome,
  DELIVERY_BODY_BYTES_MAX,
  MULTI_HEADER,
  type DeliveryOutcome as ReadOutcome,
  readBody,
  type ShardStatus,
  streamSubject,
  type VerifyProblem,
  verifyDelivery,
  WEBHOOK_HEADERS,
} from "@guildwire/events";
import { EngineUnavailableError } from "@guildwire/live";
import type { Clock } from "@guildwire/runtime";
import { onceAMinute } from "@guildwire/runtime";
import { ERROR_CODES } from "@guildwire/runtime/errors";
import type { DeliveryOutcome, HubMetrics } from "../hub-metrics.ts";
import type { Intake } from "../intake/intake.ts";
import type { TakeOutcome } from "../intake/source-writer.ts";
import type { Log } from "../log.ts";
import { jsonAnswer, refusalAnswer } from "./json-answer.ts";

export const EVENTS_PATH = "/api/internal/events";
/** Problems named in one answer; a body can hold thousands. */
const PROBLEMS_MAX = 20;
/** A disk seldom empties sooner, and each try costs a failed write. */
const STORE_RETRY_AFTER_S = 5;

export interface TakeDeliveryParts {
  readonly keys: readonly KeyObject[];
  readonly intake: Intake;
  readonly clock: Clock;
  readonly log: Log;
  /** Hears of each delivery that was not signed as it ought to be. */
  readonly refused: (code: VerifyProblem) => void;
  readonly metrics: HubMetrics;
}

/** Anybody can send such ones, so the log is told once a minute. */
export function watchRefusals(log: Log, clock: Pick<Clock, "monotonicMs">): TakeDeliveryParts["refused"] {
  const { code: errorCode, name: errorName } = ERROR_CODES.signatureRefused;
  return onceAMinute(clock, (code, refused) => {
    const fields = { errorCode, errorName, code, refused };
    log.warn("delivery_refused", fields, `${errorCode} deliveries are refused for their signature (${code})`);
  });
}

type Result = readonly [outcome: DeliveryOutcome, answer: Response];

export async function takeDelivery(request: Request, parts: TakeDeliveryParts): Promise<Response> {
  const { clock, log, metrics } = parts;
  const startedAtMs = performance.now();
  const count = ([outcome, answer]: Result) => {
    metrics.deliveries.at(outcome).add();
    return answer;
  };
  const answer = await take(request, parts, clock.wallMs(), count).catch((cause: unknown) =>
    count(thrown(cause, log)),
  );
  metrics.intakeSeconds.observe((performance.now() - startedAtMs) / 1_000);
  answer.headers.set(MULTI_HEADER, "1");
  return answer;
}

function thrown(cause: unknown, log: Log): Result {
  // The store says itself, once, that it fails; its deliveries are counted.
  if (cause instanceof EngineUnavailableError) return unavailable();
  log.error("delivery_failed", { cause: String(cause) });
  return failed();
}

async function take(
  request: Request,
  parts: TakeDeliveryParts,
  nowMs: number,
  count: (result: Result) => Response,
): Promise<Response> {
  const { keys, intake, log, refused } = parts;
  const raw = await readRaw(request);
  if (raw === "tooLarge") return count(tooLarge());
  if (raw === "broken") return count(invalid(["the body ended before it was complete"]));

  const verified = verifyDelivery(
    {
      id: request.headers.get(WEBHOOK_HEADERS.id),
      timestamp: request.headers.get(WEBHOOK_HEADERS.timestamp),
      signature: request.headers.get(WEBHOOK_HEADERS.signature),
    },
    raw,
    keys,
    nowMs,
  );
  if (!verified.ok) {
    refused(verified.code);
    const error = { code: verified.code, message: verified.problem };
    return count(["unauthorized", refusalAnswer(401, error)]);
  }
  const sentAtMs = verified.timestampS * 1_000;
  const body = readBodyJson(raw);
  if (body.form === "neither") return count(noted(verified.id, body.problems, log));
  if (body.form === "single") return count(await takeOne(verified.id, body.read, sentAtMs, [], parts));

  const { deliveries, shards } = body.multi;
  if (deliveries.length === 0) count(["heartbeat", jsonAnswer(200, {})]);
  const results = deliveries.map(async ({ source, read }) => {
    const result = takeOne(verified.id, read, sentAtMs, shards, parts);
    const answer = count(await result.catch((cause: unknown) => thrown(cause, log)));
    return { source, ...(await resultOf(answer)) };
  });
  const answer = jsonAnswer(200, { results: await Promise.all(results) });
  await intake.heartbeat(shards, sentAtMs);
  return answer;
}

async function takeOne(
  id: string,
  read: ReadOutcome,
  sentAtMs: number,
  shards: readonly ShardStatus[],
  { intake, log }: TakeDeliveryParts,
): Promise<Result> {
  if (!read.ok) return noted(id, read.problems, log);
  const { source, epoch, events } = read.delivery;
  if (streamSubject(source)?.family !== "rooms")
    return noted(id, [`source: the hub takes rooms only, and ${source} is no Discord guild id`], log);
  // No event, so nothing is received either: a person tries the way, and the worker may be away meanwhile.
  if (events.length === 0) return ["ping", jsonAnswer(200, { pong: true })];
  const outcome = await intake.take(read.delivery, sentAtMs, shards);
  log.debug("delivery_taken", { id, source, epoch, events: events.length, outcome: outcome.type });
  return answerTo(outcome);
}

/** What the answer to one delivery is as a result among others. */
async function resultOf(answer: Response): Promise<object> {
  const json = (await answer.json()) as { readonly error?: { readonly message?: string } };
  if (answer.ok || answer.status === 409) return json;
  return { refused: { status: answer.status, error: json.error?.message } };
}

function noted(id: string, problems: readonly string[], log: Log): Result {
  log.warn("delivery_invalid", { id, problems: problems.length, first: problems[0] });
  return invalid(problems);
}

/** `text()`: on Node it reads the stream at half the cost of `arrayBuffer()`. What is not UTF-8 fails the signature. */
async function readRaw(request: Request): Promise<Buffer | "tooLarge" | "broken"> {
  if (Number(request.headers.get("content-length") ?? 0) > DELIVERY_BODY_BYTES_MAX) return "tooLarge";
  try {
    const raw = Buffer.from(await request.text());
    return raw.length > DELIVERY_BODY_BYTES_MAX ? "tooLarge" : raw;
  } catch (cause) {
    // The HTTP server counts a body of unstated length and stops at the limit.
    return isTooLarge(cause) ? "tooLarge" : "broken";
  }
}

function isTooLarge(cause: unknown): boolean {
  const { statusCode, status, name } = (cause ?? {}) as {
    statusCode?: unknown;
    status?: unknown;
    name?: unknown;
  };
  return statusCode === 413 || status === 413 || name === "RequestBodyTooLargeError";
}

function readBodyJson(raw: Buffer): BodyOutcome {
  try {
    return readBody(JSON.parse(raw.toString("utf8")));
  } catch {
    return { form: "neither", problems: ["the body is not JSON"] };
  }
}

function answerTo(outcome: TakeOutcome): Result {
  switch (outcome.type) {
    case "taken":
      return [
        outcome.events.length > 0 ? "applied" : "duplicate",
        jsonAnswer(200, { acked: outcome.cursor.seq }),
      ];
    case "wantSnapshot": {
      const error = { code: outcome.why, message: outcome.message };
      return ["want_snapshot", refusalAnswer(409, error, {}, { want: "snapshot" })];
    }
    case "fenced":
      return ["fenced", jsonAnswer(409, { fenced: outcome.fence })];
    case "busy": {
      const message = "too many deliveries of this source are waiting; send one at a time";
      return ["busy", refusalAnswer(503, { code: "busy", message }, { "retry-after": "1" })];
    }
    default:
      return outcome satisfies never;
  }
}

function invalid(problems: readonly string[]): Result {
  const message = "the delivery was refused as a whole; nothing of it was applied";
  return [
    "invalid",
    refusalAnswer(400, { code: "invalid_delivery", message, problems: problems.slice(0, PROBLEMS_MAX) }),
  ];
}

function tooLarge(): Result {
  const message = `a delivery may have ${DELIVERY_BODY_BYTES_MAX} bytes; send fewer events at once`;
  return ["too_large", refusalAnswer(413, { code: "too_large", message })];
}

function unavailable(): Result {
  const message = "the store cannot take it now; nothing of it was applied; send it again";
  const headers = { "retry-after": String(STORE_RETRY_AFTER_S) };
  return ["unavailable", refusalAnswer(503, { code: "unavailable", message }, headers)];
}

function failed(): Result {
  const message = "the delivery could not be committed; nothing of it was applied; send it again";
  return ["failed", refusalAnswer(500, { code: "internal", message })];
}
