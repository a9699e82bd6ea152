/**
 * `GET /api/rt/v1/topics/<topic>`: a topic for whoever can make an HTTP request.
 *
 *   (nothing)            the snapshot and its position, with the tag "e:o"
 *   ?since=e:o           what has changed since: a delta, 204 for nothing, or a snapshot where there is no way on
 *   ?since=e:o&wait=25   the same, but "nothing" is only answered after that many seconds
 *
 * An answer that starts again is stored by nobody: an old one that came back would make a reader start again for ever.
 */
import type { Position } from "@guildwire/live";
import type { Clock } from "@guildwire/runtime";
import type { TopicFeeds } from "../sockets/topic-feeds.ts";
import { isHeld } from "./entity-tag.ts";
import { refusalAnswer } from "./json-answer.ts";
import {
  closedTopic,
  notHeld,
  type OpenRoadParts,
  preflightAnswer,
  type RoadHeaders,
  roadHeaders,
  topicInPath,
  unreadable,
} from "./open-road.ts";
import { positionText, readPosition } from "./position-text.ts";
import { READ, type Route } from "./route-table.ts";
import type { TopicReader, TopicReading } from "./topic-reader.ts";
import { waitForTopic } from "./topic-wait.ts";

/** Proxies cut what is silent for a minute. */
export const WAIT_S_MAX = 55;
const SHORTLY = "public, max-age=1, stale-while-revalidate=5";

export interface TopicAnswerParts extends OpenRoadParts {
  readonly reader: TopicReader;
  readonly feeds: TopicFeeds;
  readonly clock: Clock;
}

type Outcome =
  | "snapshot"
  | "not_modified"
  | "delta"
  | "nothing_new"
  | "start_again"
  | "bad_request"
  | "refused"
  | "unknown"
  | "full"
  | "unavailable";

type Result = readonly [outcome: Outcome, answer: Response];

interface Asked {
  readonly since: Position | undefined;
  readonly waitS: number;
}

export function topicRoute(parts: TopicAnswerParts): Route {
  const { allowsOrigin, admitTopic, metrics } = parts;
  return {
    path: /^\/api\/rt\/v1\/topics\/(.+)$/,
    methods: [...READ, "OPTIONS"],
    async answer(request, [path = ""]) {
      const headers = roadHeaders(request, allowsOrigin);
      if (request.method === "OPTIONS") return preflightAnswer(headers);
      const topic = topicInPath(path);
      const closed = closedTopic(topic, admitTopic, headers);
      const [outcome, answer]: Result =
        topic === undefined || closed !== undefined
          ? ["refused", closed ?? unreadable(headers)]
          : await answerTo(request, topic, headers, parts);
      metrics.roadAnswers.at("topic", outcome).add();
      return answer;
    },
  };
}

async function answerTo(
  request: Request,
  topic: string,
  headers: RoadHeaders,
  parts: TopicAnswerParts,
): Promise<Result> {
  const asked = readQuery(new URL(request.url).searchParams);
  if (typeof asked === "string") {
    return ["bad_request", refusalAnswer(400, { code: "bad_request", message: asked }, headers)];
  }
  try {
    const reading = await parts.reader.read(topic);
    if (!reading.isWritten) {
      const message = `no worker has delivered anything for ${topic} yet`;
      return ["unknown", refusalAnswer(404, { code: "unknown_topic", message }, headers)];
    }
    if (asked.since === undefined) return snapshot(request, reading, headers);
    const waitS = request.method === "HEAD" ? 0 : asked.waitS;
    return waitS === 0
      ? await changes(topic, asked.since, headers, parts)
      : await heldChanges(request, topic, { since: asked.since, waitS }, headers, parts);
  } catch {
    return ["unavailable", unreadable(headers)];
  }
}

/** What was asked, or what is wrong with it. */
function readQuery(query: URLSearchParams): Asked | string {
  const sinceText = query.get("since");
  const waitText = query.get("wait");
  const since = sinceText === null ? undefined : readPosition(sinceText);
  if (sinceText !== null && since === undefined) {
    return "`since` must be a position as the hub gave it: <e>:<o>; leave it out for a snapshot";
  }
  if (waitText === null) return { since, waitS: 0 };
  if (since === undefined) return "`wait` needs `since`: without a position there is nothing to wait for";
  const waitS = /^\d{1,3}$/.test(waitText) ? Number(waitText) : Number.NaN;
  if (!(waitS <= WAIT_S_MAX)) return `\`wait\` must be a whole number of seconds from 0 to ${WAIT_S_MAX}`;
  return { since, waitS };
}

function snapshot(request: Request, reading: TopicReading, headers: RoadHeaders): Result {
  const tag = `"${positionText(reading.position)}"`;
  const cached = { ...headers, etag: tag, "cache-control": SHORTLY };
  if (isHeld(request, tag)) return ["not_modified", new Response(null, { status: 304, headers: cached })];
  return ["snapshot", json(reading.body(), cached)];
}

async function changes(
  topic: string,
  since: Position,
  headers: RoadHeaders,
  { reader }: TopicAnswerParts,
): Promise<Result> {
  const found = await reader.since(topic, since);
  switch (found.type) {
    case "delta":
      return ["delta", json(found.body, { ...headers, "cache-control": SHORTLY })];
    case "none":
      return ["nothing_new", new Response(null, { status: 204, headers: { ...headers, ...UNSTORED } })];
    case "startAgain": {
      const reading = await reader.read(topic);
      return ["start_again", json(reading.body(), { ...headers, ...UNSTORED })];
    }
    default:
      return found satisfies never;
  }
}

async function heldChanges(
  request: Request,
  topic: string,
  { since, waitS }: { readonly since: Position; readonly waitS: number },
  headers: RoadHeaders,
  parts: TopicAnswerParts,
): Promise<Result> {
  const { feeds, clock, held, addressOf } = parts;
  let isClosing = false;
  const wait = waitForTopic(topic, feeds, clock, waitS * 1_000);
  const hold = held.hold(addressOf(request), () => {
    isClosing = true;
    wait.cancel();
  });
  const leave = (): void => wait.cancel();
  request.signal.addEventListener("abort", leave);
  // Who left while the topic was read is told by no event any more.
  if (request.signal.aborted) leave();
  try {
    if (!hold.ok) return ["full", notHeld(hold.why, headers)];
    for (;;) {
      const result = await changes(topic, since, headers, parts);
      if (result[0] !== "nothing_new") return result;
      const end = await wait.next();
      if (end !== "changed") return isClosing ? ["full", notHeld("closing", headers)] : result;
    }
  } finally {
    request.signal.removeEventListener("abort", leave);
    wait.leave();
    if (hold.ok) hold.release();
  }
}

const UNSTORED = { "cache-control": "no-store" } as const;

function json(body: Uint8Array<ArrayBuffer>, headers: RoadHeaders): Response {
  const ofBody = {
    "content-type": "application/json; charset=utf-8",
    "content-length": String(body.byteLength),
  };
  return new Response(body, { headers: { ...headers, ...ofBody } });
}
