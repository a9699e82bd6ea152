/** All browsers of this process: upgrades at `/ws`, the common tick, and the orderly end. */
import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { CLIENT_FRAME_BYTES_MAX, type ConnectionRules, HubCloseCode, SUBPROTOCOL } from "@guildwire/live";
import type { Clock } from "@guildwire/runtime";
import { WebSocketServer } from "ws";
import { clientAddress } from "../access/client-address.ts";
import type { ConnectionLimits, LimitReached, Seat } from "../access/connection-limits.ts";
import { FRAME_PASS } from "../access/frame-pass.ts";
import type { KnownHosts } from "../access/known-hosts.ts";
import type { LimitWatch } from "../access/limit-watch.ts";
import type { Origins } from "../access/origins.ts";
import { ANYONE, type Rights } from "../access/rights.ts";
import type { UpgradeWatch } from "../access/upgrade-watch.ts";
import type { HubMetrics } from "../hub-metrics.ts";
import { type BrowserSocket, createBrowserSocket } from "./browser-socket.ts";
import { createSlicedRounds } from "./sliced-round.ts";
import { SOCKET_PATH } from "./socket-path.ts";
import { createTextFrames } from "./text-frame.ts";
import type { TopicFeeds } from "./topic-feeds.ts";

/** A browser hears from the hub at least this often. */
export const TICK_MS = 25_000;
/** Each is answered at once: thousands together would hold up the loop once more when the answers come. */
const PINGS_AT_ONCE = 100;
export const PINGS_APART_MS = 20;
export const GRACE_MS = 10_000;
/** At a restart: how long browsers stay away at least, and over how long they come back. */
const BYE_AFTER_MS = 500;
const BYE_SPREAD_MS = 8_000;
/** For browsers to answer the close at a restart; the others are cut. */
const CLOSE_WITHIN_MS = 3_000;

export interface BrowserSockets {
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  count(): number;
  /** Says `bye` to all and resolves when all are gone. */
  close(): Promise<void>;
}

export interface BrowserSocketsParts {
  readonly feeds: TopicFeeds;
  readonly clock: Clock;
  readonly metrics: HubMetrics;
  readonly newConnectionId: () => string;
  readonly admitTopic: ConnectionRules["admitTopic"];
  readonly origins: Origins;
  /** Whether a socket of no origin is one of this hub's own pages in a sandboxed frame. */
  readonly isFramePass: (given: string | null) => boolean;
  readonly limits: ConnectionLimits;
  readonly limitWatch: LimitWatch;
  readonly upgradeWatch: UpgradeWatch;
  readonly knownHosts: KnownHosts;
  readonly rights: Rights;
  readonly trustedProxies: number;
}

/** Why a handshake is refused: an HTTP status, and the word for it in the metrics. */
interface Refusal {
  readonly status: number;
  readonly result: string;
}

/** The visitor can do something about his own; about the process's he cannot. */
const LIMIT_STATUS: Readonly<Record<LimitReached, number>> = {
  process: 503,
  ungreeted: 503,
  rate: 503,
  address: 429,
  ungreeted_address: 429,
};

export function createBrowserSockets(parts: BrowserSocketsParts): BrowserSockets {
  const { feeds, clock, metrics, newConnectionId, admitTopic, origins, limits, rights } = parts;
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: CLIENT_FRAME_BYTES_MAX,
    handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  });
  const textFrames = createTextFrames();
  const browsers = new Set<BrowserSocket>();
  const lifeChecks = createSlicedRounds<BrowserSocket>({
    members: browsers,
    sliceMembers: PINGS_AT_ONCE,
    soon: (task) => clock.after(PINGS_APART_MS, task),
    nowMs: () => clock.monotonicMs(),
    onIdle: () => undefined,
  });
  let closing: Promise<void> | undefined;
  let whenEmpty: (() => void) | undefined;

  let cancelTick = clock.after(TICK_MS, tick);
  function tick(): void {
    cancelTick = clock.after(TICK_MS, tick);
    feeds.tick();
    lifeChecks.start((browser) => browser.checkLife());
  }

  function refusal({ url, headers }: IncomingMessage): Refusal | undefined {
    const address = URL.parse(url ?? "/", "http://hub");
    if (address?.pathname !== SOCKET_PATH) return { status: 404, result: "path" };
    if (closing !== undefined) return { status: 503, result: "closing" };
    const { origin, host } = headers;
    if (!parts.knownHosts.knows(host)) return { status: 421, result: "host" };
    const isFrame = origin === "null" && parts.isFramePass(address.searchParams.get(FRAME_PASS));
    if (origin !== undefined && !isFrame && !origins.allows(origin, host)) {
      parts.upgradeWatch.originRefused(origin, host);
      return { status: 403, result: "origin" };
    }
    const offered = headers["sec-websocket-protocol"];
    const speaksIt = offered?.split(",").some((name) => name.trim() === SUBPROTOCOL) ?? true;
    return speaksIt ? undefined : { status: 400, result: "protocol" };
  }

  function seatFor({ socket, headers }: IncomingMessage): Seat | Refusal {
    const forwarded = headers["x-forwarded-for"];
    const arrival = { remoteAddress: socket.remoteAddress, forwardedFor: forwarded && String(forwarded) };
    const taken = limits.take(clientAddress(arrival, parts.trustedProxies), clock.monotonicMs());
    if (taken.ok) return taken.seat;
    parts.limitWatch.refused(taken.why);
    return { status: LIMIT_STATUS[taken.why], result: taken.why };
  }

  async function closeAll(): Promise<void> {
    cancelTick();
    lifeChecks.close();
    if (browsers.size > 0) {
      const { promise, resolve } = Promise.withResolvers<void>();
      whenEmpty = resolve;
      for (const browser of browsers) browser.sayBye(HubCloseCode.Draining, BYE_AFTER_MS, BYE_SPREAD_MS);
      const cancel = clock.after(CLOSE_WITHIN_MS, () => {
        for (const browser of browsers) browser.terminate();
      });
      await promise;
      cancel();
    }
    server.close();
  }

  return {
    handleUpgrade(request, socket, head) {
      const outcome = refusal(request) ?? seatFor(request);
      metrics.accepts.at("status" in outcome ? outcome.result : "accepted").add();
      if ("status" in outcome) {
        refuse(socket, outcome.status);
        return;
      }
      // Until the handshake is done the socket alone says whether it lives.
      socket.once("close", () => outcome.leave());
      const { origin } = request.headers;
      // It may have been one of several offers.
      request.headers.upgrade = "websocket";
      server.handleUpgrade(request, socket, head, (webSocket) => {
        const browser = createBrowserSocket({
          socket: webSocket,
          stream: socket,
          textFrames,
          feeds,
          rules: {
            connectionId: newConnectionId(),
            tickMs: TICK_MS,
            graceMs: GRACE_MS,
            anyone: ANYONE,
            admitTopic,
          },
          seat: outcome,
          verifyTicket: async (ticket) => await rights.verify(ticket, origin),
          clock,
          metrics,
        });
        browsers.add(browser);
        webSocket.on("close", () => {
          browsers.delete(browser);
          if (browsers.size === 0) whenEmpty?.();
        });
      });
    },
    count: () => browsers.size,
    close() {
      closing ??= closeAll();
      return closing;
    },
  };
}

function refuse(socket: Duplex, status: number): void {
  socket.on("error", () => {});
  const retry = status === 503 || status === 429 ? "retry-after: 5\r\n" : "";
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\n${retry}connection: close\r\ncontent-length: 0\r\n\r\n`,
  );
}
