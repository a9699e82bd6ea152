/**
 * The hub's one port: HTTP and upgrades, and how it stops.
 *
 * What a client may cost before it is known is bounded (http-limits.ts).
 *
 * Stopping: new connections are refused at once, requests already here are finished, then browsers are told `bye`, then
 * what is left of keep-alive connections is cut. All of it within `DRAIN_WITHIN_MS`.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { DELIVERY_BODY_BYTES_MAX } from "@guildwire/events";
import { onceAMinute, systemClock } from "@guildwire/runtime";
import type { NodeHttp1Handler } from "srvx";
import { toNodeHandler } from "srvx/node";
import { clientAddress } from "../access/client-address.ts";
import type { LimitWatch } from "../access/limit-watch.ts";
import type { Hub } from "../compose.ts";
import { isSocketUpgrade } from "../sockets/socket-upgrade.ts";
import type { HttpLimits } from "./http-limits.ts";
import { readTarget } from "./request-target.ts";

export const DRAIN_WITHIN_MS = 10_000;

export interface HttpServerParts {
  readonly hub: Hub;
  readonly fetch: (request: Request) => Response | Promise<Response>;
  readonly port: number;
  /** `undefined` = every address. */
  readonly host: string | undefined;
  /** Other than the hub's own. */
  readonly limits?: HttpLimits;
}

export interface HttpServer {
  readonly port: number;
  /** Resolves when everything has ended, `true` when it did in time. */
  stop(): Promise<boolean>;
}

/** Rejects when the port cannot be had. */
export async function startHttpServer(parts: HttpServerParts): Promise<HttpServer> {
  const { hub, fetch, port, host, limits = hub.httpLimits } = parts;
  const logFailure = watchFailures(hub);
  const onRequest = toNodeHandler(async (request: Request) => secured(await answer(request)), {
    maxRequestBodySize: DELIVERY_BODY_BYTES_MAX,
  }) as NodeHttp1Handler;

  /** No client can end this process: what throws is an answer, and a line of the log. */
  async function answer(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (isForVisitors(pathname) && !hub.knownHosts.knows(request.headers.get("host")))
      return new Response("there is nothing under this name here: see HUB_HOSTS\n", {
        status: 421,
        headers: { "access-control-allow-origin": "*" },
      });
    try {
      return await fetch(request);
    } catch (cause) {
      logFailure(cause);
      return new Response("internal error\n", { status: 500 });
    }
  }

  function onMessage(request: IncomingMessage, response: ServerResponse): void {
    const target = readTarget(request, limits.addressCharactersMax);
    if (!target.ok) {
      response.writeHead(target.status, {
        ...Object.fromEntries(SECURITY_HEADERS),
        "content-type": "text/plain; charset=utf-8",
      });
      response.end(`${target.message}\n`);
      return;
    }
    request.url = target.url;
    if (target.host !== undefined) request.headers.host = target.host;
    Promise.resolve(onRequest(request, response)).catch((cause: unknown) => {
      logFailure(cause);
      response.destroy();
    });
  }
  let inFlight = 0;
  let whenIdle: (() => void) | undefined;
  const options = {
    headersTimeout: limits.headMs,
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.idleMs,
    connectionsCheckingInterval: limits.lookEveryMs,
    maxHeaderSize: limits.headBytesMax,
    // Any other upgrade is ignored, and the request is answered as if it were not offered (RFC 9110, section 7.8).
    shouldUpgradeCallback: isSocketUpgrade,
  };
  const server = createServer(options, (request: IncomingMessage, response: ServerResponse) => {
    inFlight += 1;
    response.once("close", () => {
      inFlight -= 1;
      if (inFlight === 0) whenIdle?.();
    });
    onMessage(request, response);
  });
  server.maxHeadersCount = limits.headersMax;
  server.maxConnections = limits.connectionsMax;
  server.setTimeout(limits.stalledMs);
  server.on("drop", () => hub.limitWatch.refused("connections"));
  server.on("connection", boundedPerAddress(limits.connectionsPerAddressMax, hub.limitWatch));
  server.on("upgrade", (request, socket, head) => hub.sockets.handleUpgrade(request, socket, head));
  server.on("connect", (_request, socket) => refuseTunnel(socket));

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

/** Deliveries are signed and probes name nobody: they may come under any name, such as one of a private network. */
function isForVisitors(pathname: string): boolean {
  return !pathname.startsWith("/api/") || pathname.startsWith("/api/rt/");
}

/** The hub is no proxy. */
function refuseTunnel(socket: Duplex): void {
  socket.on("error", () => {});
  socket.end(
    "HTTP/1.1 405 Method Not Allowed\r\nallow: GET, HEAD\r\nconnection: close\r\ncontent-length: 0\r\n\r\n",
  );
}

/** A client may be able to repeat what fails, so the log gets it once a minute, with the number of times. */
function watchFailures({ log }: Hub): (cause: unknown) => void {
  let last = "";
  const failed = onceAMinute(systemClock, (_kind: "request", times) =>
    log.error("request_failed", { cause: last, times }),
  );
  return (cause) => {
    last = String(cause);
    failed("request");
  };
}

/** One client must not hold all connections, so that others and the workers still get through. */
function boundedPerAddress(most: number, watch: LimitWatch): (socket: Socket) => void {
  const open = new Map<string, number>();
  return (socket) => {
    const address = clientAddress({ remoteAddress: socket.remoteAddress, forwardedFor: undefined }, 0);
    const count = (open.get(address) ?? 0) + 1;
    if (count > most) {
      watch.refused("address");
      socket.destroy();
      return;
    }
    open.set(address, count);
    socket.once("close", () => {
      const left = (open.get(address) ?? 1) - 1;
      if (left === 0) open.delete(address);
      else open.set(address, left);
    });
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
