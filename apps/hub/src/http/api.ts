/**
 * Everything under `/api/`, answered before the pages' router: `undefined` = not ours. A table of paths; each names
 * the methods it takes, and any other method is told so.
 */
import type { HubMetrics } from "../hub-metrics.ts";
import { type HealthParts, readHealth } from "./health.ts";
import { jsonAnswer, refusalAnswer } from "./json-answer.ts";
import { EVENTS_PATH, type TakeDeliveryParts, takeDelivery } from "./take-delivery.ts";

export interface ApiParts {
  readonly delivery: TakeDeliveryParts;
  readonly health: HealthParts;
  readonly metrics: HubMetrics;
  /** True from the first sign of shutdown. */
  readonly isClosing: () => boolean;
}

export type Api = (request: Request) => Promise<Response | undefined>;

interface Endpoint {
  readonly methods: readonly string[];
  readonly answer: (request: Request) => Response | Promise<Response>;
}

const READ = ["GET", "HEAD"];

export function createApi({ delivery, health, metrics, isClosing }: ApiParts): Api {
  const endpoints: ReadonlyMap<string, Endpoint> = new Map([
    [EVENTS_PATH, { methods: ["POST"], answer: (request: Request) => takeDelivery(request, delivery) }],
    [
      "/api/health",
      {
        methods: READ,
        answer: async () => jsonAnswer(isClosing() ? 503 : 200, await readHealth(health, isClosing())),
      },
    ],
    // The process answers: do not restart it.
    ["/api/live", { methods: READ, answer: () => jsonAnswer(200, { live: true }) }],
    // New browsers and deliveries may be sent here.
    [
      "/api/ready",
      { methods: READ, answer: () => jsonAnswer(isClosing() ? 503 : 200, { ready: !isClosing() }) },
    ],
    ["/api/metrics", { methods: READ, answer: () => metricsAnswer(metrics) }],
  ]);

  return async (request) => {
    const { pathname } = new URL(request.url);
    if (!pathname.startsWith("/api/")) return undefined;
    const endpoint = endpoints.get(pathname);
    if (endpoint === undefined) {
      return refusalAnswer(404, { code: "not_found", message: `there is nothing at ${pathname}` });
    }
    if (!endpoint.methods.includes(request.method)) {
      const allow = endpoint.methods.join(", ");
      const message = `${pathname} takes ${allow}`;
      return refusalAnswer(405, { code: "method_not_allowed", message }, { allow });
    }
    const answer = await endpoint.answer(request);
    return request.method === "HEAD" ? new Response(null, answer) : answer;
  };
}

function metricsAnswer(metrics: HubMetrics): Response {
  return new Response(metrics.text(), {
    headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8", "cache-control": "no-store" },
  });
}
