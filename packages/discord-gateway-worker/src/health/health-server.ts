/**
 * The worker's HTTP door: health for the platform, metrics for Prometheus, both open to whoever reaches the port, and
 * `POST /control` for the operator's commands, which is signed.
 */
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { ProcessError } from "@guildwire/runtime/errors";
import { EXPOSITION_CONTENT_TYPE } from "@guildwire/runtime/metrics";
import type { ControlDoor } from "../control/control-door.ts";
import { http } from "../node-http.ts";
import type { ConnectionState } from "./connection-state.ts";

export interface HealthReport {
  readonly state: ConnectionState;
  /** The part of the process that does not go on; `null` while all do. */
  readonly stuck: string | null;
  /** Connected, the guild is available, and the receiver takes what is sent. */
  readonly ready: boolean;
  /** More facts for the person who looks. */
  readonly details: Readonly<Record<string, unknown>>;
}

export interface HealthServerOptions {
  readonly port: number;
  /** `undefined` for every address. */
  readonly host?: string | undefined;
  readonly report: () => HealthReport;
  readonly metrics: () => string;
  readonly control: ControlDoor;
  /** Other than the usual ones. */
  readonly limits?: HealthServerLimits;
}

export interface HealthServerLimits {
  /** From a connection's first moment to the end of its request: whoever is slower is answered 408 and cut. */
  readonly requestMs: number;
  /** An answer that is not read, or a connection kept for another request. */
  readonly stalledMs: number;
  /** How often the first is looked at: by so much later it may strike. */
  readonly lookEveryMs: number;
  /** Clients at once; a further one is not let in, so that nobody can use up the worker's files. */
  readonly connectionsMax: number;
}

const LIMITS: HealthServerLimits = {
  requestMs: 10_000,
  stalledMs: 30_000,
  lookEveryMs: 1_000,
  connectionsMax: 64,
};
const HEAD_BYTES_MAX = 8_192;
const CONTROL_BYTES_MAX = 4_096;
const NO_BODY = "connection: close\r\ncontent-length: 0\r\n\r\n";

/** Resolves with the port once it listens. @throws ProcessError when the port is taken. */
export async function startHealthServer(
  options: HealthServerOptions,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const { requestMs, stalledMs, lookEveryMs, connectionsMax } = options.limits ?? LIMITS;
  const deadlines = {
    headersTimeout: requestMs,
    requestTimeout: requestMs,
    connectionsCheckingInterval: lookEveryMs,
    maxHeaderSize: HEAD_BYTES_MAX,
  };
  const server = http.createServer(deadlines, (request, response) => {
    const path = pathOf(request);
    if (request.method === "POST" && path === "/control") {
      void control(options.control, request, response);
      return;
    }
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.writeHead(405, { allow: "GET, HEAD" }).end();
      return;
    }
    answer(options, path, response);
  });
  // Without a listener Node closes the connection without an answer.
  server.on("connect", (_request, socket) => {
    socket.on("error", () => {});
    socket.end(`HTTP/1.1 405 Method Not Allowed\r\nallow: GET, HEAD\r\n${NO_BODY}`);
  });
  server.maxConnections = connectionsMax;
  server.setTimeout(stalledMs);
  await listen(server, options.port, options.host);
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

/** Of whatever stands in the request line; what is no path is none of ours. */
function pathOf(request: IncomingMessage): string {
  const path = request.url ?? "/";
  return URL.canParse(path, "http://localhost") ? new URL(path, "http://localhost").pathname : "";
}

async function control(door: ControlDoor, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const end = (status: number, body: unknown) =>
    response
      .writeHead(status, { "content-type": "application/json", "cache-control": "no-store" })
      .end(JSON.stringify(body));
  try {
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of request) {
      bytes += (chunk as Buffer).length;
      if (bytes > CONTROL_BYTES_MAX) {
        response.setHeader("connection", "close");
        end(413, { error: `a request may have ${CONTROL_BYTES_MAX} bytes` });
        return;
      }
      chunks.push(chunk as Buffer);
    }
    const { status, json: body } = await door(request.headers, Buffer.concat(chunks));
    end(status, body);
  } catch {
    // The client is gone, or the store failed, which ends the process by another way.
    if (!response.headersSent) end(500, { error: "not done; the worker's log says more" });
  }
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
    case "/live": {
      const { stuck } = options.report();
      json(response, stuck === null, {
        status: stuck === null ? "ok" : "stuck",
        timestamp,
        ...(stuck !== null && { stuck }),
      });
      return;
    }
    case "/ready": {
      const { ready, state, details } = options.report();
      json(response, ready, { status: ready ? "ok" : "unhealthy", state, timestamp, ...details });
      return;
    }
    case "/metrics":
      response.writeHead(200, { "content-type": EXPOSITION_CONTENT_TYPE }).end(options.metrics());
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

async function listen(server: Server, port: number, host: string | undefined): Promise<void> {
  const listening = Promise.withResolvers<void>();
  server.once("error", (error: Error & { code?: string }) => listening.reject(explain(error, port, host)));
  server.listen({ port, host }, () => listening.resolve());
  await listening.promise;
}

function explain(error: Error & { code?: string }, port: number, host: string | undefined): Error {
  const cause = { cause: error };
  switch (error.code) {
    case "EADDRINUSE":
      return new ProcessError(
        "portTaken",
        `PORT ${port} is taken: stop what listens there, or set another`,
        cause,
      );
    case "EACCES":
      return new ProcessError(
        "portTaken",
        `PORT ${port} is not this user's to take: set one above 1023`,
        cause,
      );
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return new ProcessError(
        "portTaken",
        `HOST ${host}: this machine has no such address; correct it, or leave it out for all`,
        cause,
      );
    default:
      return error;
  }
}
