/**
 * The hub's event stream in the shape of a socket, for pages behind a proxy that refuses WebSocket upgrades. It is loaded
 * only there. What the machine sends is done by requests: `auth`, `sub` and `resync` open a stream for each topic, whose
 * events are the hub's own frames, `hi` and `subd` included. Sockets are tried from time to time, and get the connection
 * back when one is answered.
 *
 *   asking ──the hub answers──▶ open ──a stream is lost, ends, or a socket is answered──▶ closed
 */
import type { ClientMessage, ServerMessage, SubscribeRequest } from "@guildwire/live";
import type { Clock } from "./clock.ts";
import type { SocketLike } from "./hub-client.ts";

/** Until a socket is tried again; twice as long each time. */
export const PROBE_AFTER_MS = 60_000;
export const PROBE_AFTER_MAX_MS = 600_000;

const LOST = 1006;
/** `SOCKETS_WORK` of close-policy.ts, `Forbidden` and `Draining` of hub/1: this file imports no code. */
const SOCKETS_WORK = 0;
const FORBIDDEN = 4403;
const DRAINING = 4100;

export class StreamSocket implements SocketLike {
  onopen: SocketLike["onopen"] = null;
  onmessage: SocketLike["onmessage"] = null;
  onclose: SocketLike["onclose"] = null;
  onerror: SocketLike["onerror"] = null;
  readonly #url: string;
  readonly #newSocket: () => SocketLike;
  readonly #clock: Clock;
  readonly #streams = new Map<string, AbortController>();
  readonly #closed = new AbortController();
  #cancelProbe: (() => void) | undefined;
  #probe: SocketLike | undefined;

  /** `url`: the socket's. `newSocket`: what is tried from time to time. */
  constructor(url: string, newSocket: () => SocketLike, clock: Clock) {
    this.#url = url.replace(/^ws/, "http");
    this.#newSocket = newSocket;
    this.#clock = clock;
    this.#ask().catch(() => this.#end(LOST));
  }

  send(text: string): void {
    const message = JSON.parse(text) as ClientMessage;
    if (message.t === "auth") for (const request of message.subs ?? []) this.#follow(message.id, request);
    else if (message.t === "sub" || message.t === "resync") this.#follow(message.id, message);
    else if (message.t === "unsub") this.#streams.get(message.topic)?.abort();
  }

  close(): void {
    this.#closed.abort();
    this.#cancelProbe?.();
    if (this.#probe !== undefined) this.#probe.onmessage = this.#probe.onclose = null;
    this.#probe?.close();
    for (const stream of this.#streams.values()) stream.abort();
  }

  #end(code: number): void {
    if (this.#closed.signal.aborted) return;
    this.close();
    this.onclose?.({ code } as never);
  }

  /** A browser does not tell why a socket was refused; the hub does. */
  async #ask(): Promise<void> {
    const url = new URL(this.#url);
    const own = globalThis.location?.origin;
    if (own !== undefined) url.searchParams.set("origin", own);
    const { status, ...answer } = await this.#get(url, this.#closed.signal);
    if (status >= 500) throw new Error(`the hub answers ${status}`);
    if (status === 403 || status === 421) {
      const why = (await answer.text()).slice(0, 500);
      // biome-ignore lint/suspicious/noConsole: whoever puts the page together reads it there.
      console.error(`Guildwire: the hub refuses sockets of this page: ${why}`);
      // A page of the hub itself may read the stream, whatever name a proxy gives the hub.
      if (url.origin !== own) return this.#end(FORBIDDEN);
    }
    this.onopen?.(undefined as never);
    this.#probeAfter(PROBE_AFTER_MS);
  }

  async #get(url: URL, signal: AbortSignal) {
    const response = await fetch(url, { signal, cache: "no-store" });
    return { status: response.status, body: response.body, text: () => response.text() };
  }

  #follow(id: number, { topic, e, o }: SubscribeRequest): void {
    this.#streams.get(topic)?.abort();
    const stream = new AbortController();
    this.#streams.set(topic, stream);
    const url = new URL("api/rt/v1/sse?hi=1&fresh=1", this.#url);
    url.searchParams.set("topic", topic);
    if (e !== undefined) url.searchParams.set("since", `${e}:${o}`);
    this.#read(id, topic, url, stream.signal).catch(() => {
      if (!stream.signal.aborted) this.#end(LOST);
    });
  }

  async #read(id: number, topic: string, url: URL, signal: AbortSignal): Promise<void> {
    const { status, body, text: whole } = await this.#get(url, signal);
    if (status !== 200 || body === null) return this.#refuse(id, topic, status, await whole());
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    let after = 0;
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const events = (text + part.value).split("\n\n");
      text = events.pop() ?? "";
      for (const event of events) {
        after = Number(/^retry: (\d+)/m.exec(event)?.[1] ?? after);
        const data = /^data: (.*)/m.exec(event)?.[1];
        if (data !== undefined && !signal.aborted) this.onmessage?.({ data } as never);
      }
    }
    this.#say({ t: "bye", code: DRAINING, after, spread: 0 });
  }

  #refuse(id: number, topic: string, status: number, text: string): void {
    const { code, message: msg } = (JSON.parse(text) as { error: { code: never; message: string } }).error;
    const hi = { t: "hi", id, conn: "", v: 1, now: this.#clock.now(), tick: 25_000, grace: 10_000 } as const;
    this.#say(hi, { t: "err", id, topic, code, retry: status === 429 || status >= 500, msg });
  }

  #say(...messages: readonly ServerMessage[]): void {
    this.onmessage?.({ data: JSON.stringify(messages) } as never);
  }

  #probeAfter(afterMs: number): void {
    this.#cancelProbe = this.#clock.after(afterMs, () => {
      const probe = this.#newSocket();
      this.#probe = probe;
      probe.onopen = () => probe.send(JSON.stringify({ t: "auth", id: 1, v: 1, subs: [] }));
      probe.onmessage = () => this.#end(SOCKETS_WORK);
      probe.onerror = () => undefined;
      probe.onclose = () => this.#probeAfter(Math.min(afterMs * 2, PROBE_AFTER_MAX_MS));
    });
  }
}
