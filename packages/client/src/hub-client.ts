/**
 * The shell around the connection machine: one mailbox that steps, performs the effects in order, and then tells the
 * stores. Nothing is opened before somebody listens to a topic, so a client may be made anywhere, a server included.
 */
import { SUBPROTOCOL } from "@guildwire/live";
import { type Clock, createSystemClock } from "./clock.ts";
import {
  type ClientEffect,
  type ClientInput,
  type ClientState,
  type Handoff,
  initialState,
  type Timer,
} from "./connection-state.ts";
import { step } from "./connection-step.ts";
import { HeldTopic, type UntimedInput } from "./held-topic.ts";
import { type HubStatus, hubStatus, sameStatus } from "./hub-status.ts";
import { PacedSends } from "./paced-sends.ts";
import { browserSignals, type PageSignals } from "./page-signals.ts";
import { readServerFrame } from "./server-frame.ts";
import { Cell, type Store } from "./store.ts";
import { NOTHING_YET, type TopicStore, topicSnapshot } from "./topic-store.ts";

/** The part of the standard WebSocket used here. */
export interface SocketLike {
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  send(text: string): void;
  close(code?: number): void;
}

export type SocketConstructor = new (url: string, protocol: string) => SocketLike;

export interface HubClientOptions {
  /** `wss://…/ws`, or a path such as `/ws` of the page's own origin. */
  readonly url: string;
  /** Topics to follow from the start, whether or not anything listens. */
  readonly topics?: readonly string[];
  /**
   * Fetches a ticket from the page's own server. Called for a connection, and before an authorization ends; not for
   * coming back, which the hub's own token does. The hub's answer decides what is visible.
   */
  readonly ticket?: () => Promise<string>;
  /**
   * How long a page that nobody looks at stays connected, ms; it comes back at once when it is seen, and tells then what
   * changed. Without it a hidden page goes on, so that it may call its reader.
   */
  readonly disconnectHiddenAfterMs?: number;
  /** In place of the platform's. With one of your own, the hub's event stream is not tried where sockets fail. */
  readonly WebSocket?: SocketConstructor;
  readonly clock?: Clock;
  /** In [0, 1). */
  readonly random?: () => number;
  readonly signals?: PageSignals;
}

export interface HubClient extends Disposable {
  readonly status: Store<HubStatus>;
  /**
   * A topic's store. Listening to it subscribes; the last to leave ends the subscription after a moment. `handoff` is
   * a copy that came with the page: it is shown at once, and followed from its position.
   */
  topic(name: string, handoff?: Handoff): TopicStore;
  /** The hub's clock as far as this page knows it, Unix ms: what the times in topics are to be compared with. */
  now(): number;
  /** When anything last came from the hub, by the clock of `now`; `null` without a live connection. */
  receivedMs(): number | null;
  /** Connects at once; also leaves `stopped`. */
  retry(): void;
}

export function createHubClient(options: HubClientOptions): HubClient {
  return new HubConnection(options);
}

class HubConnection implements HubClient {
  readonly status: Cell<HubStatus>;
  readonly #options: HubClientOptions;
  readonly #clock: Clock;
  readonly #mailbox: UntimedInput[] = [];
  readonly #timers = new Map<Timer, () => void>();
  /** One per name this page ever asked for; of those not held, only the last content is kept. */
  readonly #topics = new Map<string, HeldTopic>();
  #state: ClientState;
  #socket: SocketLike | undefined;
  #sends: PacedSends | undefined;
  #stopSignals: (() => void) | undefined;
  #isStepping = false;

  constructor(options: HubClientOptions) {
    this.#options = options;
    this.#clock = options.clock ?? createSystemClock();
    this.#state = initialState(this.#clock.now(), options.disconnectHiddenAfterMs ?? null);
    this.status = new Cell<HubStatus>(hubStatus(this.#state));
    for (const name of options.topics ?? []) this.#tell({ type: "topicHeld", topic: name });
  }

  topic(name: string, handoff?: Handoff): TopicStore {
    let topic = this.#topics.get(name);
    if (topic === undefined) {
      topic = new HeldTopic(name, (input) => this.#tell(input));
      const known = this.#state.topics.get(name);
      if (known !== undefined) topic.cell.set(topicSnapshot(known, NOTHING_YET));
      this.#topics.set(name, topic);
    }
    // Once somebody listens, the machine alone decides what is newer.
    if (handoff !== undefined && !this.#state.topics.has(name)) topic.offer(handoff);
    return topic;
  }

  now(): number {
    return this.#clock.now() + (this.#state.clockOffsetMs ?? 0);
  }

  receivedMs(): number | null {
    const { connection, clockOffsetMs } = this.#state;
    return connection.name === "live" ? connection.lastFrameAtMs + (clockOffsetMs ?? 0) : null;
  }

  retry(): void {
    this.#tell({ type: "retryRequested" });
  }

  [Symbol.dispose](): void {
    this.#tell({ type: "disposeRequested" });
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
  }

  /** Inputs that come while one is being worked on wait their turn; each is followed by its effects, then by news. */
  #tell(input: UntimedInput): void {
    this.#mailbox.push(input);
    if (this.#isStepping) return;
    this.#isStepping = true;
    try {
      for (let next = this.#mailbox.shift(); next !== undefined; next = this.#mailbox.shift()) {
        const timed = { ...next, atMs: this.#clock.now(), roll: (this.#options.random ?? Math.random)() };
        const before = this.#state;
        const result = step(before, timed as ClientInput);
        this.#state = result.state;
        for (const effect of result.effects) this.#perform(effect);
        this.#publish(before);
      }
    } finally {
      this.#isStepping = false;
    }
  }

  #publish(before: ClientState): void {
    if (before === this.#state) return;
    this.#heedSignals();
    for (const [name, topic] of this.#state.topics) {
      if (before.topics.get(name) === topic) continue;
      const cell = this.#topics.get(name)?.cell;
      cell?.set(topicSnapshot(topic, cell.getSnapshot()));
    }
    const status = hubStatus(this.#state);
    if (!sameStatus(status, this.status.getSnapshot())) this.status.set(status);
  }

  #heedSignals(): void {
    const wanted = this.#state.connection.name !== "idle" && this.#state.connection.name !== "stopped";
    if (wanted && this.#stopSignals === undefined) {
      const signals = this.#options.signals ?? browserSignals;
      this.#stopSignals = () => undefined;
      this.#stopSignals = signals.listen((type) => this.#tell({ type }));
    } else if (!wanted) {
      this.#stopSignals?.();
      this.#stopSignals = undefined;
    }
  }

  #perform(effect: ClientEffect): void {
    switch (effect.type) {
      case "connect":
        this.#connect(effect);
        return;
      case "fetchTicket":
        this.#fetchTicket(effect.socket);
        return;
      case "send":
        this.#sends?.send(effect.message);
        return;
      case "closeSocket":
        this.#closeSocket();
        return;
      case "startTimer":
        this.#startTimer(effect.timer, effect.afterMs);
        return;
      case "cancelTimer":
        this.#timers.get(effect.timer)?.();
        this.#timers.delete(effect.timer);
        return;
      default:
        effect satisfies never;
    }
  }

  #startTimer(timer: Timer, afterMs: number): void {
    this.#timers.get(timer)?.();
    const cancel = this.#clock.after(afterMs, () => {
      this.#timers.delete(timer);
      this.#tell({ type: "timerFired", timer });
    });
    this.#timers.set(timer, cancel);
  }

  #fetchTicket(socket: number): void {
    this.#ticket()?.then(
      (ticket) => this.#tell({ type: "ticketFetched", socket, ticket }),
      () => this.#tell({ type: "ticketFetched", socket, ticket: undefined }),
    );
  }

  #connect({ socket, resume, over }: Extract<ClientEffect, { readonly type: "connect" }>): void {
    // No ticket, or a URL no socket can be made for: the same as a connection that failed.
    const fail = (): void => this.#tell({ type: "socketClosed", socket, code: 1006 });
    const open = (ticket: string | undefined, dial = (): SocketLike => this.#dial()): void => {
      if (this.#state.connection.name !== "dialing" || this.#state.connection.socket !== socket) return;
      try {
        this.#open(socket, ticket, dial());
      } catch {
        fail();
      }
    };
    const ticket = resume ?? this.#ticket();
    // Event streams carry no rights, so a page with a ticket waits for a socket.
    if (over === "stream" && ticket === undefined && this.#options.WebSocket === undefined) {
      const dial = (): SocketLike => this.#dial();
      import("./stream-socket.ts").then(
        ({ StreamSocket }) =>
          open(undefined, () => new StreamSocket(socketUrl(this.#options.url), dial, this.#clock)),
        fail,
      );
      return;
    }
    if (ticket === undefined || typeof ticket === "string") open(ticket);
    else ticket.then(open, fail);
  }

  /** The page's own ticket; a function that throws is one that rejects. */
  #ticket(): Promise<string> | undefined {
    const { ticket } = this.#options;
    return ticket === undefined ? undefined : new Promise((resolve) => resolve(ticket()));
  }

  #dial(): SocketLike {
    const Socket = this.#options.WebSocket ?? (globalThis.WebSocket as unknown as SocketConstructor);
    return new Socket(socketUrl(this.#options.url), SUBPROTOCOL);
  }

  #open(number: number, ticket: string | undefined, socket: SocketLike): void {
    this.#socket = socket;
    this.#sends = new PacedSends(this.#clock, (message) => socket.send(JSON.stringify(message)));
    socket.onopen = () => this.#tell({ type: "socketOpened", socket: number, ticket });
    socket.onmessage = (event: { readonly data: unknown }) => {
      const messages = typeof event.data === "string" ? readServerFrame(event.data) : undefined;
      this.#tell({ type: "frameReceived", socket: number, messages });
    };
    socket.onclose = (event: { readonly code: number }) => {
      this.#tell({ type: "socketClosed", socket: number, code: event.code });
    };
    // Every error is followed by a close, which says as much as an error does.
    socket.onerror = () => undefined;
  }

  #closeSocket(): void {
    const socket = this.#socket;
    this.#sends?.close();
    this.#sends = undefined;
    this.#socket = undefined;
    if (socket === undefined) return;
    socket.onopen = null;
    socket.onmessage = null;
    socket.onclose = null;
    socket.onerror = () => undefined;
    socket.close();
  }
}

/** `/ws` becomes `wss://<origin>/ws`; browsers of before 2024 do not do that themselves. */
function socketUrl(url: string): string {
  if (!url.startsWith("/")) return url;
  const absolute = new URL(url, globalThis.location.href);
  absolute.protocol = absolute.protocol === "https:" ? "wss:" : "ws:";
  return absolute.href;
}
