/** The worker's HTTP door: health for the platform, metrics for Prometheus. It tells and changes nothing. */
import { createServer, type Server, type ServerResponse } from "node:http";
import { WorkerError } from "../worker-error.ts";
import type { ConnectionState } from "./connection-state.ts";

export interface HealthReport {
  readonly state: ConnectionState;
  /** Connected, the guild is available, and the receiver takes what is sent. */
  readonly ready: boolean;
  /** More facts for the person who looks. */
  readonly details: Readonly<Record<string, unknown>>;
}

export interface HealthServerOptions {
  readonly port: number;
  readonly report: () => HealthReport;
  readonly metrics: () => string;
}

/** Resolves with the port once it listens. @throws WorkerError when the port is taken. */
export async function startHealthServer(
  options: HealthServerOptions,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.writeHead(405, { allow: "GET, HEAD" }).end();
      return;
    }
    answer(options, new URL(request.url ?? "/", "http://localhost").pathname, response);
  });
  await listen(server, options.port);
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : options.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(options: HealthServerOptions, path: string, response: ServerResponse): void {
  const timestamp = new Date().toISOString();
  switch (path) {
    case "/health": {
      const { state, details } = options.report();
      const healthy = state === "CONNECTED";
      json(response, healthy, { status: healthy ? "ok" : "unhealthy", state, timestamp, ...details });
      return;
    }
    case "/live":
      json(response, true, { status: "ok", timestamp });
      return;
    case "/ready": {
      const { ready, state, details } = options.report();
      json(response, ready, { status: ready ? "ok" : "unhealthy", state, timestamp, ...details });
      return;
    }
    case "/metrics":
      response
        .writeHead(200, { "content-type": "text/plain; version=0.0.4; charset=utf-8" })
        .end(options.metrics());
      return;
    default:
      response
        .writeHead(404, { "content-type": "application/json" })
        .end(JSON.stringify({ error: "not found; there are /health, /live, /ready and /metrics" }));
  }
}

function json(response: ServerResponse, healthy: boolean, body: object): void {
  response
    .writeHead(healthy ? 200 : 503, { "content-type": "application/json", "cache-control": "no-store" })
    .end(JSON.stringify(body));
}

async function listen(server: Server, port: number): Promise<void> {
  const listening = Promise.withResolvers<void>();
  server.once("error", (error: Error & { code?: string }) => listening.reject(explain(error, port)));
  server.listen(port, () => listening.resolve());
  await listening.promise;
}

function explain(error: Error & { code?: string }, port: number): Error {
  const cause = { cause: error };
  switch (error.code) {
    case "EADDRINUSE":
      return new WorkerError(
        "portTaken",
        `PORT ${port} is taken: stop what listens there, or set another`,
        cause,
      );
    case "EACCES":
      return new WorkerError(
        "portTaken",
        `PORT ${port} is not this user's to take: set one above 1023`,
        cause,
      );
    default:
      return error;
  }
}
