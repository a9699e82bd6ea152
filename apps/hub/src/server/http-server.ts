/**
 * The hub's one port: HTTP and upgrades, and how it stops.
 *
 * Stopping: new connections are refused at once, requests already here are finished, then browsers are told `bye`, then
 * what is left of keep-alive connections is cut. All of it within `DRAIN_WITHIN_MS`.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { DELIVERY_BODY_BYTES_MAX } from "@guildwire/events";
import type { NodeHttp1Handler } from "srvx";
import { toNodeHandler } from "srvx/node";
import type { Hub } from "../compose.ts";

export const DRAIN_WITHIN_MS = 10_000;

export interface HttpServerParts {
  readonly hub: Hub;
  readonly fetch: (request: Request) => Response | Promise<Response>;
  readonly port: number;
  /** `undefined` = every address. */
  readonly host: string | undefined;
}

export interface HttpServer {
  readonly port: number;
  /** Resolves when everything has ended, `true` when it did in time. */
  stop(): Promise<boolean>;
}

/** Rejects when the port cannot be had. */
export async function startHttpServer({ hub, fetch, port, host }: HttpServerParts): Promise<HttpServer> {
  const onRequest = toNodeHandler(async (request: Request) => secured(await answer(request)), {
    maxRequestBodySize: DELIVERY_BODY_BYTES_MAX,
  }) as NodeHttp1Handler;

  /** Nobody outside can make this process end: what throws is an answer, and a line of the log. */
  async function answer(request: Request): Promise<Response> {
    // A Host such as `x:99999` makes an address that nothing can read.
    if (URL.parse(request.url) === null) return new Response("bad request\n", { status: 400 });
    try {
      return await fetch(request);
    } catch (cause) {
      hub.log.error("request_failed", { cause: String(cause) });
      return new Response("internal error\n", { status: 500 });
    }
  }
  let inFlight = 0;
  let whenIdle: (() => void) | undefined;
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    inFlight += 1;
    response.once("close", () => {
      inFlight -= 1;
      if (inFlight === 0) whenIdle?.();
    });
    Promise.resolve(onRequest(request, response)).catch((cause: unknown) => {
      hub.log.error("request_failed", { cause: String(cause) });
      response.destroy();
    });
  });
  server.on("upgrade", (request, socket, head) => hub.sockets.handleUpgrade(request, socket, head));

  const listening = Promise.withResolvers<void>();
  server.once("error", listening.reject);
  server.listen({ port, host }, listening.resolve);
  await listening.promise;

  async function drain(): Promise<void> {
    hub.announceClosing();
    server.close();
    if (inFlight > 0) {
      const idle = Promise.withResolvers<void>();
      whenIdle = idle.resolve;
      await idle.promise;
    }
    await hub.close();
  }

  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      const late = Promise.withResolvers<boolean>();
      const cutOff = setTimeout(() => late.resolve(false), DRAIN_WITHIN_MS);
      const inTime = await Promise.race([drain().then(() => true), late.promise]);
      clearTimeout(cutOff);
      server.closeAllConnections();
      return inTime;
    },
  };
}

const SECURITY_HEADERS: readonly (readonly [string, string])[] = [
  ["x-content-type-options", "nosniff"],
  ["referrer-policy", "strict-origin-when-cross-origin"],
  // Of what is no page: files and answers of the API. Pages have set their own (page-security.ts).
  [
    "content-security-policy",
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  ],
];

function secured(response: Response): Response {
  for (const [name, value] of SECURITY_HEADERS) {
    if (!response.headers.has(name)) response.headers.set(name, value);
  }
  return response;
}
