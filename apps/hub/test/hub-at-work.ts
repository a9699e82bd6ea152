/** A whole hub on a free port of 127.0.0.1, a worker that signs, and browsers, for tests. */
import { once } from "node:events";
import type { GuildwireEvent } from "@guildwire/events";
import { createMemoryEngine, type ServerMessage, SUBPROTOCOL, type TopicEngine } from "@guildwire/live";
import { createVirtualClock, type VirtualClock } from "@guildwire/runtime/testing";
import { WebSocket } from "ws";
import { composeHub, type Hub, type HubWorld } from "../src/compose.ts";
import { readConfig } from "../src/config.ts";
import { statusToken } from "../src/health/status-token.ts";
import type { HttpLimits } from "../src/server/http-limits.ts";
import { startHttpServer } from "../src/server/http-server.ts";
import type { EngineParts } from "../src/store/open-engine.ts";
import { GUILD } from "./guild-story.ts";
import { linesOf } from "./log-lines.ts";
import { signedHeaders } from "./signed-delivery.ts";

export const SECRET = "whsec_bm90LWEtcmVhbC1zZWNyZXQtb25seS1mb3ItdGVzdHM=";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

export interface PostOptions {
  readonly secret?: string;
  readonly signedAtMs?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** What is sent in place of what was signed. */
  readonly sendInstead?: string;
}

export class HubAtWork implements AsyncDisposable {
  readonly hub: Hub;
  readonly clock: VirtualClock;
  readonly log: string[];
  readonly port: number;
  readonly stop: () => Promise<boolean>;
  #ids = 0;

  constructor(hub: Hub, clock: VirtualClock, log: string[], port: number, stop: () => Promise<boolean>) {
    this.hub = hub;
    this.clock = clock;
    this.log = log;
    this.port = port;
    this.stop = stop;
  }

  async post(body: string, options: PostOptions = {}): Promise<Answer> {
    const id = `d_${this.#ids++}`;
    const timestampS = Math.floor((options.signedAtMs ?? this.clock.wallMs()) / 1_000);
    return await this.request("/api/internal/events", {
      method: "POST",
      headers: { ...signedHeaders({ id, timestampS, body }, options.secret ?? SECRET), ...options.headers },
      body: options.sendInstead ?? body,
    });
  }

  async deliver(events: readonly GuildwireEvent[], epoch = "e1", source = GUILD.id): Promise<Answer> {
    return await this.post(JSON.stringify({ source, epoch, events }));
  }

  async request(path: string, init: RequestInit = {}): Promise<Answer> {
    const response = await fetch(`http://127.0.0.1:${this.port}${path}`, init);
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.startsWith("application/json") === true;
    return {
      status: response.status,
      headers: response.headers,
      body: isJson && text !== "" ? JSON.parse(text) : text,
    };
  }

  /** What an operator is told. */
  async status(): Promise<Answer> {
    const [key] = readConfig({ HUB_SECRET: SECRET }).hubKeys;
    if (key === undefined) throw new Error("there is a secret");
    return await this.request("/api/status", { headers: { authorization: `Bearer ${statusToken(key)}` } });
  }

  /** What the hub counts under this name, labels included as they are printed; NaN when it does not yet. */
  async metric(name: string): Promise<number> {
    const { body } = await this.request("/api/metrics");
    const line = String(body)
      .split("\n")
      .find((text) => text.startsWith(`${name} `));
    return Number(line?.slice(name.length + 1));
  }

  async browser(
    path = "/ws",
    protocols: readonly string[] = [SUBPROTOCOL],
    headers: Readonly<Record<string, string>> = {},
  ): Promise<TestBrowser> {
    const socket = new WebSocket(`ws://127.0.0.1:${this.port}${path}`, [...protocols], { headers });
    const browser = new TestBrowser(socket);
    await once(socket, "open");
    return browser;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

/** Keeps every message until it is asked for. */
export class TestBrowser implements Disposable {
  readonly socket: WebSocket;
  readonly #messages: ServerMessage[] = [];
  #arrived = Promise.withResolvers<void>();
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;

  constructor(socket: WebSocket) {
    this.socket = socket;
    const closed = Promise.withResolvers<{ readonly code: number; readonly reason: string }>();
    this.closed = closed.promise;
    socket.on("message", (data) => {
      this.#messages.push(JSON.parse(String(data)) as ServerMessage);
      this.#wake();
    });
    socket.on("close", (code, reason) => {
      closed.resolve({ code, reason: String(reason) });
      this.#wake();
    });
  }

  #wake(): void {
    this.#arrived.resolve();
    this.#arrived = Promise.withResolvers<void>();
  }

  say(message: unknown): void {
    this.socket.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  /** The next message. Rejects when the socket closes first. */
  async next(): Promise<ServerMessage> {
    for (;;) {
      const message = this.#messages.shift();
      if (message !== undefined) return message;
      if (this.socket.readyState === WebSocket.CLOSED) throw new Error("closed before another message came");
      await this.#arrived.promise;
    }
  }

  async nextOf<Tag extends ServerMessage["t"]>(
    tag: Tag,
  ): Promise<Extract<ServerMessage, { readonly t: Tag }>> {
    const message = await this.next();
    if (message.t !== tag) throw new Error(`expected ${tag}, got ${JSON.stringify(message)}`);
    return message as Extract<ServerMessage, { readonly t: Tag }>;
  }

  /** Says auth with these subscriptions and takes the hi. */
  async auth(subs: readonly object[] = []): Promise<this> {
    this.say({ t: "auth", id: 1, v: 1, subs });
    await this.nextOf("hi");
    return this;
  }

  [Symbol.dispose](): void {
    this.socket.terminate();
  }
}

export interface HubSetting {
  /** A hub of another life may go on with the clock of the one before. */
  readonly clock?: VirtualClock;
  /** Without one, everything is in memory. */
  readonly openEngine?: HubWorld["openEngine"];
  readonly openHistory?: HubWorld["openHistory"];
  /** Shorter deadlines, for instance. */
  readonly limits?: Partial<HttpLimits>;
}

export async function startHub(
  environment: Readonly<Record<string, string>> = {},
  {
    clock = createVirtualClock(),
    openEngine = openMemoryEngine,
    openHistory = () => undefined,
    limits,
  }: HubSetting = {},
): Promise<HubAtWork> {
  const log: string[] = [];
  let made = 0;
  const config = readConfig({ HUB_SECRET: SECRET, ...environment });
  const hub = await composeHub(
    config,
    linesOf(log, () => clock.wallMs()),
    {
      clock,
      randomText: () => `r${made++}`,
      openEngine,
      openHistory,
    },
  );
  await hub.ready;
  const fetchApi = async (request: Request): Promise<Response> =>
    (await hub.answerApi(request)) ?? new Response("a page", { headers: { "content-type": "text/plain" } });
  const server = await startHttpServer({
    ...{ hub, fetch: fetchApi, port: 0, host: "127.0.0.1" },
    limits: { ...hub.httpLimits, ...limits },
  });
  return new HubAtWork(hub, clock, log, server.port, () => server.stop());
}

async function openMemoryEngine({ clock }: EngineParts): Promise<TopicEngine> {
  return createMemoryEngine({ epoch: "life1", nowMs: () => clock.wallMs() });
}
