/** All browsers of this process: upgrades at `/ws`, the common tick, and the orderly end. */
import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { CLIENT_FRAME_BYTES_MAX, HubCloseCode, SUBPROTOCOL, type TopicAdmission } from "@guildwire/live";
import { WebSocketServer } from "ws";
import type { Clock } from "../clock.ts";
import type { HubMetrics } from "../hub-metrics.ts";
import { type BrowserSocket, createBrowserSocket } from "./browser-socket.ts";
import { SOCKET_PATH } from "./socket-path.ts";
import type { TopicFeeds } from "./topic-feeds.ts";

/** A browser hears from the hub at least this often. */
export const TICK_MS = 25_000;
const GRACE_MS = 10_000;
/** More are answered 503; one process holds about 8 KB for each. */
export const CONNECTIONS_MAX = 20_000;
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
  readonly admitTopic: (topic: string) => TopicAdmission;
}

export function createBrowserSockets(parts: BrowserSocketsParts): BrowserSockets {
  const { feeds, clock, metrics, newConnectionId, admitTopic } = parts;
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: CLIENT_FRAME_BYTES_MAX,
    handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  });
  const browsers = new Set<BrowserSocket>();
  let closing: Promise<void> | undefined;
  let whenEmpty: (() => void) | undefined;

  let cancelTick = clock.after(TICK_MS, tick);
  function tick(): void {
    cancelTick = clock.after(TICK_MS, tick);
    feeds.tick();
    for (const browser of browsers) browser.checkLife();
  }

  /** The HTTP status to refuse with, or `undefined`. */
  function refusal(request: IncomingMessage): number | undefined {
    if (pathOf(request) !== SOCKET_PATH) return 404;
    if (closing !== undefined || browsers.size >= CONNECTIONS_MAX) return 503;
    const offered = request.headers["sec-websocket-protocol"];
    if (offered !== undefined && !offered.split(",").some((name) => name.trim() === SUBPROTOCOL)) return 400;
    return undefined;
  }

  async function closeAll(): Promise<void> {
    cancelTick();
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
      const status = refusal(request);
      metrics.accepts.add({ result: status === undefined ? "accepted" : String(status) });
      if (status !== undefined) {
        refuse(socket, status);
        return;
      }
      server.handleUpgrade(request, socket, head, (webSocket) => {
        const rules = { connectionId: newConnectionId(), tickMs: TICK_MS, graceMs: GRACE_MS, admitTopic };
        const browser = createBrowserSocket({ socket: webSocket, feeds, rules, clock, metrics });
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

function pathOf(request: IncomingMessage): string | undefined {
  return URL.parse(request.url ?? "/", "http://hub")?.pathname;
}

function refuse(socket: Duplex, status: number): void {
  socket.on("error", () => {});
  const retry = status === 503 ? "retry-after: 5\r\n" : "";
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\n${retry}connection: close\r\ncontent-length: 0\r\n\r\n`,
  );
}
