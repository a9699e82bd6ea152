/**
 * `GET /api/rt/v1/sse?topic=…`: a topic as server-sent events, for `EventSource` and for whoever can read lines.
 *
 * Where a reader goes on: `Last-Event-ID`, which a browser sends by itself when it comes back, else `?since=e:o`, the
 * position of a snapshot it already has; without both it gets a snapshot. `retry:` says how long to stay away after a
 * cut; it differs from reader to reader, and at a restart it is spread wider, so that they do not all come at once.
 * `?hi=1`: the stream begins as a socket does, with `hi` and `subd`. The SDK reads it where sockets do not get through.
 */
import { type Position, PROTOCOL_VERSION } from "@guildwire/live";
import type { Clock } from "@guildwire/runtime";
import type { Hold } from "../access/held-requests.ts";
import { BACKLOG_SOFT_BYTES } from "../sockets/browser-socket.ts";
import { GRACE_MS, TICK_MS } from "../sockets/browser-sockets.ts";
import type { TopicFeeds } from "../sockets/topic-feeds.ts";
import { refusalAnswer } from "./json-answer.ts";
import {
  closedTopic,
  notHeld,
  type OpenRoadParts,
  preflightAnswer,
  type RoadHeaders,
  roadHeaders,
} from "./open-road.ts";
import { readPosition } from "./position-text.ts";
import type { Route } from "./route-table.ts";
import { createEventEncoder, type EncodeEvent, messageEvent, retryField } from "./stream-event.ts";
import { openTopicStream, type TopicStream } from "./topic-stream.ts";

const RETRY_MS = { least: 1_000, spread: 4_000 } as const;
/** As a socket's `bye` at a restart. */
const RESTART_RETRY_MS = { least: 500, spread: 8_000 } as const;

export interface StreamAnswerParts extends OpenRoadParts {
  readonly feeds: TopicFeeds;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
}

interface Asked {
  readonly topic: string;
  readonly from: Position | undefined;
  readonly takesFresh: boolean;
  readonly greets: boolean;
}

export function streamRoute(parts: StreamAnswerParts): Route {
  const { allowsOrigin, metrics } = parts;
  const encode = createEventEncoder();
  return {
    path: "/api/rt/v1/sse",
    methods: ["GET", "OPTIONS"],
    answer(request) {
      const headers = roadHeaders(request, allowsOrigin);
      if (request.method === "OPTIONS") return preflightAnswer(headers);
      const [outcome, answer] = open(request, headers, encode, parts);
      metrics.roadAnswers.at("sse", outcome).add();
      return answer;
    },
  };
}

function open(
  request: Request,
  headers: RoadHeaders,
  encode: EncodeEvent,
  parts: StreamAnswerParts,
): readonly [outcome: string, answer: Response] {
  const asked = readRequest(request);
  if (typeof asked === "string") {
    return ["bad_request", refusalAnswer(400, { code: "bad_request", message: asked }, headers)];
  }
  const closed = closedTopic(asked.topic, parts.admitTopic, headers);
  if (closed !== undefined) return ["refused", closed];
  let endSoon: (() => void) | undefined;
  const hold = parts.held.hold(parts.addressOf(request), () => endSoon?.());
  if (!hold.ok) return ["full", notHeld(hold.why, headers)];
  const { body, end } = streamBody(asked, hold, encode, parts);
  endSoon = end;
  return ["stream", new Response(body, { headers: { ...headers, ...STREAM_HEADERS } })];
}

/** What was asked, or what is wrong with it. */
function readRequest(request: Request): Asked | string {
  const query = new URL(request.url).searchParams;
  const [topic, ...others] = query.getAll("topic");
  if (topic === undefined || others.length > 0) {
    return "`topic` must be given once: a stream has one topic, as its ids are positions in it";
  }
  const sinceText = query.get("since");
  const since = sinceText === null ? undefined : readPosition(sinceText);
  if (sinceText !== null && since === undefined) {
    return "`since` must be a position as the hub gave it: <e>:<o>; leave it out for a snapshot";
  }
  const from = readPosition(request.headers.get("last-event-id") ?? "") ?? since;
  return { topic, from, takesFresh: query.get("fresh") === "1", greets: query.get("hi") === "1" };
}

const STREAM_HEADERS = {
  "content-type": "text/event-stream; charset=utf-8",
  // A proxy that compresses would gather events before it passes them on.
  "cache-control": "no-store, no-transform",
  "x-accel-buffering": "no",
} as const;

function streamBody(
  asked: Asked,
  hold: Extract<Hold, { readonly ok: true }>,
  encode: EncodeEvent,
  { feeds, clock, metrics, random }: StreamAnswerParts,
): { readonly body: ReadableStream<Uint8Array>; readonly end: () => void } {
  let stream: TopicStream | undefined;
  let endSoon: () => void = () => undefined;
  const letGo = (): void => {
    hold.release();
    stream?.close();
  };
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const backlogBytes = (): number =>
          BACKLOG_SOFT_BYTES - (controller.desiredSize ?? BACKLOG_SOFT_BYTES);
        const end = (): void => {
          letGo();
          controller.close();
        };
        const cut = (): void => {
          letGo();
          controller.error(new Error("the reader is too slow"));
        };
        endSoon = () => {
          controller.enqueue(retryField(jittered(RESTART_RETRY_MS, random)));
          // A reader that does not read would hold up the hub's end.
          if (backlogBytes() > BACKLOG_SOFT_BYTES) cut();
          else end();
        };
        controller.enqueue(retryField(jittered(RETRY_MS, random)));
        if (asked.greets) {
          const times = { now: clock.wallMs(), tick: TICK_MS, grace: GRACE_MS };
          controller.enqueue(messageEvent({ t: "hi", id: 0, v: PROTOCOL_VERSION, conn: "sse", ...times }));
        }
        const sink = { write: (bytes: Uint8Array) => controller.enqueue(bytes), backlogBytes, end, cut };
        stream = openTopicStream({ ...asked, sink, feeds, encode, clock, metrics });
      },
      pull: () => stream?.drained(),
      cancel: letGo,
    },
    new ByteLengthQueuingStrategy({ highWaterMark: BACKLOG_SOFT_BYTES }),
  );
  return { body, end: () => endSoon() };
}

function jittered(
  { least, spread }: typeof RETRY_MS | typeof RESTART_RETRY_MS,
  random: () => number,
): number {
  return least + random() * spread;
}
