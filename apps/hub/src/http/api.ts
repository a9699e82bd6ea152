/**
 * All that the hub answers before the pages' router: what lies under `/api/`, and the cards. `undefined` = not ours. A
 * table of paths; each names the methods it takes.
 */
import type { HubMetrics } from "../hub-metrics.ts";
import { type CardParts, cardRoute } from "./card-answer.ts";
import { type HealthParts, readHealth } from "./health.ts";
import { type HistoryAnswerParts, historyRoute } from "./history-answer.ts";
import { jsonAnswer, refusalAnswer } from "./json-answer.ts";
import { createRouteTable, READ, type RouteTable } from "./route-table.ts";
import { type StreamAnswerParts, streamRoute } from "./stream-answer.ts";
import { EVENTS_PATH, type TakeDeliveryParts, takeDelivery } from "./take-delivery.ts";
import { type TopicAnswerParts, topicRoute } from "./topic-answer.ts";

export interface ApiParts {
  readonly delivery: TakeDeliveryParts;
  readonly health: HealthParts;
  readonly cards: CardParts;
  readonly topics: TopicAnswerParts;
  readonly streams: StreamAnswerParts;
  readonly history: HistoryAnswerParts;
  readonly metrics: HubMetrics;
  /** True from the first sign of shutdown. */
  readonly isClosing: () => boolean;
}

export type Api = RouteTable;

export function createApi({
  delivery,
  health,
  cards,
  topics,
  streams,
  history,
  metrics,
  isClosing,
}: ApiParts): Api {
  const table = createRouteTable([
    { path: EVENTS_PATH, methods: ["POST"], answer: (request) => takeDelivery(request, delivery) },
    {
      path: "/api/health",
      methods: READ,
      answer: async () => jsonAnswer(isClosing() ? 503 : 200, await readHealth(health, isClosing())),
    },
    // The process answers: do not restart it.
    { path: "/api/live", methods: READ, answer: () => jsonAnswer(200, { live: true }) },
    // New browsers and deliveries may be sent here.
    {
      path: "/api/ready",
      methods: READ,
      answer: () => jsonAnswer(isClosing() ? 503 : 200, { ready: !isClosing() }),
    },
    { path: "/api/metrics", methods: READ, answer: () => metricsAnswer(metrics) },
    topicRoute(topics),
    streamRoute(streams),
    historyRoute(history),
    cardRoute(cards),
  ]);
  return async (request) => (await table(request)) ?? nothingHere(request);
}

/** Under `/api/` even that is JSON. */
function nothingHere(request: Request): Response | undefined {
  const { pathname } = new URL(request.url);
  if (!pathname.startsWith("/api/")) return undefined;
  return refusalAnswer(404, { code: "not_found", message: `there is nothing at ${pathname}` });
}

function metricsAnswer(metrics: HubMetrics): Response {
  return new Response(metrics.text(), {
    headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8", "cache-control": "no-store" },
  });
}
