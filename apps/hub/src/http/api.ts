/**
 * All that the hub answers before the pages' router: what lies under `/api/`, and the routes of features. `undefined` = not ours. A
 * table of paths; each names the methods it takes.
 */

import { EXPOSITION_CONTENT_TYPE } from "@guildwire/runtime/metrics";
import {
  type HealthAnswer,
  type HealthFacts,
  healthAnswer,
  liveAnswer,
  readyAnswer,
} from "../health/health.ts";
import { readStatus, type StatusParts } from "../health/status.ts";
import { mayReadStatus } from "../health/status-token.ts";
import type { HubMetrics } from "../hub-metrics.ts";
import { jsonAnswer, refusalAnswer } from "./json-answer.ts";
import { createRouteTable, READ, type Route, type RouteTable } from "./route-table.ts";
import { type SocketAnswerParts, socketRoute } from "./socket-answer.ts";
import { type StreamAnswerParts, streamRoute } from "./stream-answer.ts";
import { EVENTS_PATH, type TakeDeliveryParts, takeDelivery } from "./take-delivery.ts";
import { type TopicAnswerParts, topicRoute } from "./topic-answer.ts";

export interface ApiParts {
  readonly delivery: TakeDeliveryParts;
  readonly health: () => HealthFacts;
  readonly status: StatusParts;
  readonly topics: TopicAnswerParts;
  readonly streams: StreamAnswerParts;
  readonly socket: SocketAnswerParts;
  /** What features add. */
  readonly features: readonly Route[];
  readonly metrics: HubMetrics;
}

export type Api = RouteTable;

export function createApi({
  delivery,
  health,
  status,
  topics,
  streams,
  socket,
  features,
  metrics,
}: ApiParts): Api {
  const table = createRouteTable([
    { path: EVENTS_PATH, methods: ["POST"], answer: (request) => takeDelivery(request, delivery) },
    { path: "/api/health", methods: READ, answer: () => probed(healthAnswer(health())) },
    { path: "/api/live", methods: READ, answer: () => probed(liveAnswer(health())) },
    { path: "/api/ready", methods: READ, answer: () => probed(readyAnswer(health())) },
    { path: "/api/status", methods: READ, answer: (request) => statusAnswer(request, status) },
    { path: "/api/metrics", methods: READ, answer: () => metricsAnswer(metrics) },
    topicRoute(topics),
    streamRoute(streams),
    socketRoute(socket),
    ...features,
  ]);
  return async (request) => (await table(request)) ?? nothingHere(request);
}

function probed({ status, body }: HealthAnswer): Response {
  return jsonAnswer(status, body);
}

async function statusAnswer(request: Request, parts: StatusParts): Promise<Response> {
  if (!mayReadStatus(request.headers.get("authorization"), parts.config.hubKeys)) {
    const message =
      "this needs the header `authorization: Bearer <token>`; `main.js status-token` prints the token";
    return refusalAnswer(401, { code: "unauthorized", message }, { "www-authenticate": "Bearer" });
  }
  return jsonAnswer(200, await readStatus(parts));
}

/** Under `/api/` even that is JSON. */
function nothingHere(request: Request): Response | undefined {
  const { pathname } = new URL(request.url);
  if (!pathname.startsWith("/api/")) return undefined;
  return refusalAnswer(404, { code: "not_found", message: `there is nothing at ${pathname}` });
}

function metricsAnswer(metrics: HubMetrics): Response {
  return new Response(metrics.text(), {
    headers: { "content-type": EXPOSITION_CONTENT_TYPE, "cache-control": "no-store" },
  });
}
