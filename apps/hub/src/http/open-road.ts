/**
 * What the roads under `/api/rt/v1/` have in common: who may read what, which pages may read the answer, and how a
 * refusal looks. They carry no rights: only views that anyone may have leave by them.
 */
import type { TopicAdmission } from "@guildwire/live";
import type { HeldRequests, HoldRefusal } from "../access/held-requests.ts";
import type { HubMetrics } from "../hub-metrics.ts";
import { type Refusal, refusalAnswer } from "./json-answer.ts";

export interface OpenRoadParts {
  /** What anyone may have. */
  readonly admitTopic: (topic: string) => TopicAdmission;
  /** Whether scripts of pages of this origin may read the answer. */
  readonly allowsOrigin: (origin: string) => boolean;
  readonly addressOf: (request: Request) => string;
  readonly held: HeldRequests;
  readonly metrics: HubMetrics;
}

export type RoadHeaders = Readonly<Record<string, string>>;

/** For scripts of other origins (CORS), and for search engines. */
export function roadHeaders(request: Request, allowsOrigin: OpenRoadParts["allowsOrigin"]): RoadHeaders {
  const origin = request.headers.get("origin");
  const always = { vary: "Origin", "x-robots-tag": "noindex" };
  if (origin === null || !allowsOrigin(origin)) return always;
  return {
    ...always,
    "access-control-allow-origin": origin,
    "access-control-expose-headers": "ETag, Retry-After",
  };
}

/** A browser asks first, when the request has a header that a plain link cannot have. */
export function preflightAnswer(headers: RoadHeaders): Response {
  return new Response(null, {
    status: 204,
    headers: {
      ...headers,
      "access-control-allow-methods": "GET, HEAD",
      "access-control-allow-headers": "If-None-Match, Last-Event-ID, Cache-Control",
      "access-control-max-age": "86400",
    },
  });
}

/** `undefined`: the address is broken. */
export function topicInPath(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

/** Why this topic is not to be had here, or `undefined`. */
export function closedTopic(
  topic: string | undefined,
  admitTopic: OpenRoadParts["admitTopic"],
  headers: RoadHeaders,
): Response | undefined {
  const admission: TopicAdmission =
    topic === undefined
      ? { ok: false, code: "unknown_topic", message: "a topic looks like voice/<guild id>/<view>" }
      : admitTopic(topic);
  if (admission.ok) return undefined;
  const { code, message } = admission;
  return refusalAnswer(code === "forbidden" ? 403 : 404, { code, message }, headers);
}

const RETRY_AFTER_S = 5;

const HOLD_REFUSALS: Readonly<Record<HoldRefusal, readonly [status: number, refusal: Refusal]>> = {
  process_full: [503, { code: "unavailable", message: "too many requests are waiting here; come again" }],
  address_full: [429, { code: "limit", message: "too many requests of your address are waiting here" }],
  closing: [503, { code: "unavailable", message: "the hub restarts; come again" }],
};

export function notHeld(why: HoldRefusal, headers: RoadHeaders): Response {
  const [status, refusal] = HOLD_REFUSALS[why];
  return refusalAnswer(status, refusal, { ...headers, "retry-after": String(RETRY_AFTER_S) });
}

export function unreadable(headers: RoadHeaders): Response {
  const refusal = { code: "unavailable", message: "the topic cannot be read now; come again" };
  return refusalAnswer(503, refusal, { ...headers, "retry-after": String(RETRY_AFTER_S) });
}
