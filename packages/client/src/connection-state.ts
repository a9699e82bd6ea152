/**
 * The vocabulary of the connection machine: what it knows, what it is told, what it wants done.
 *
 *   idle ──topic held──▶ dialing ──opened──▶ greeting ──hi──▶ live
 *                          ▲  │                 │              │ lost, silent, bye
 *                  retry,  │  └─────── lost ────┴──────────────┤
 *          visible, online │                                   ▼
 *                          └─────────────────────────────── waiting        stopped (44xx)
 */
import type { ClientMessage, Entry, ErrorCode, Position, Replica, ServerMessage } from "@guildwire/live";

export interface ClientState {
  /** How long a hidden page stays connected; `null`: as long as it lives. */
  readonly hiddenAfterMs: number | null;
  readonly connection: Connection;
  readonly topics: ReadonlyMap<string, TopicState>;
  /** Failed or short-lived connections in a row. */
  readonly attempt: number;
  /** Connections in a row that ended before the hub's `hi`; those over an event stream count, and reset nothing. */
  readonly unopened: number;
  /** What the browser says, until a frame proves otherwise. */
  readonly network: "online" | "offline";
  /** Since when this page has been without a live connection; its start before the first one. */
  readonly lostAtMs: number;
  readonly hasBeenLive: boolean;
  /** Each socket has a number, so that what an old one reports is told from the present one's. */
  readonly sockets: number;
  readonly nextId: number;
  /** `4401` in a row. */
  readonly ticketRefusals: number;
  /** What the hub gave to come back with in place of a ticket. */
  readonly resume: string | null;
  /** Hub's clock minus this page's, ms; `null` before the first `hi`. */
  readonly clockOffsetMs: number | null;
  /** Of the `auth` that handed a new ticket over and was not answered yet. */
  readonly refreshId: number | null;
}

export type Connection =
  /** Nothing is subscribed. */
  | { readonly name: "idle" }
  | { readonly name: "dialing"; readonly socket: number; readonly by: Credential }
  | {
      readonly name: "greeting";
      readonly socket: number;
      readonly by: Credential;
      readonly sentAtMs: number;
    }
  | {
      readonly name: "live";
      readonly socket: number;
      readonly sinceMs: number;
      /** Silence for longer than this is a dead connection. */
      readonly silenceMaxMs: number;
      readonly lastFrameAtMs: number;
    }
  | {
      readonly name: "waiting";
      readonly untilMs: number;
      /** The hub asked for this wait to spread its visitors; a visible page does not cut it short. */
      readonly asked: boolean;
    }
  /** Hidden for long, by the page's wish: it comes back when somebody looks. */
  | { readonly name: "hidden" }
  | { readonly name: "stopped"; readonly atMs: number; readonly code: number };

/** The event stream is for networks whose proxies refuse WebSocket upgrades. */
export type Transport = "socket" | "stream";

/** What a connection was begun with: what the hub gave last time, or a ticket of the page's own, if it has any. */
export type Credential = "resume" | "ticket";

export interface TopicState {
  readonly replica: Replica;
  /** Who in this page wants the topic. At 0 it lingers for a moment and is then given up. */
  readonly holders: number;
  readonly request: TopicRequest;
  /** Refusals that may be tried again, in a row. */
  readonly failures: number;
  /** From the worker learning of the newest change to this page having it, ms. */
  readonly latencyMs: number | null;
  readonly seen: Seen | null;
}

/** When news of a topic's source was last received on its way here, Unix ms of the hub's clock. */
export interface Seen {
  /** By the hub, from the worker. */
  readonly workerMs: number;
  /** By the worker, from Discord; `null` while that is not known. */
  readonly discordMs: number | null;
}

export type TopicRequest =
  | { readonly name: "none" }
  | { readonly name: "sent"; readonly id: number; readonly as: "auth" | "sub" | "resync" }
  | { readonly name: "refused"; readonly code: ErrorCode | "unsubscribed"; readonly message: string };

/** A copy of a topic that came another way, such as with the HTML. */
export interface Handoff extends Position {
  readonly entries: readonly Entry[];
}

export type ClientInput = { readonly atMs: number /** In [0, 1). */; readonly roll: number } & (
  | { readonly type: "topicHeld"; readonly topic: string; readonly handoff?: Handoff | undefined }
  | { readonly type: "topicReleased"; readonly topic: string }
  | { readonly type: "socketOpened"; readonly socket: number; readonly ticket: string | undefined }
  /** `undefined`: the frame was not hub/1. */
  | {
      readonly type: "frameReceived";
      readonly socket: number;
      readonly messages: readonly ServerMessage[] | undefined;
    }
  | { readonly type: "socketClosed"; readonly socket: number; readonly code: number }
  | { readonly type: "timerFired"; readonly timer: Timer }
  /** The answer to `fetchTicket`; `undefined`: there was none to be had. */
  | { readonly type: "ticketFetched"; readonly socket: number; readonly ticket: string | undefined }
  | {
      readonly type:
        | "wentOnline"
        | "wentOffline"
        | "becameVisible"
        | "becameHidden"
        | "retryRequested"
        | "disposeRequested";
    }
);

export type ClientEffect =
  /** Without `resume` the page's own ticket is asked for, if it has any. */
  | {
      readonly type: "connect";
      readonly socket: number;
      readonly resume: string | null;
      readonly over: Transport;
    }
  /** A ticket to go on with, on the same connection. */
  | { readonly type: "fetchTicket"; readonly socket: number }
  | { readonly type: "send"; readonly message: ClientMessage }
  /** The socket is forgotten at once; what it still reports is of no interest. */
  | { readonly type: "closeSocket" }
  | { readonly type: "startTimer"; readonly timer: Timer; readonly afterMs: number }
  | { readonly type: "cancelTimer"; readonly timer: Timer };

/** Starting a timer that runs replaces it. */
export type Timer =
  | "handshake"
  | "liveness"
  | "retry"
  | "health"
  | "refresh"
  | "hidden"
  | `linger ${string}`
  | `again ${string}`;

export interface ClientStep {
  readonly state: ClientState;
  readonly effects: readonly ClientEffect[];
}

export function initialState(atMs: number, hiddenAfterMs: number | null = null): ClientState {
  return {
    hiddenAfterMs,
    connection: { name: "idle" },
    topics: new Map(),
    attempt: 0,
    unopened: 0,
    network: "online",
    lostAtMs: atMs,
    hasBeenLive: false,
    sockets: 0,
    nextId: 1,
    ticketRefusals: 0,
    resume: null,
    clockOffsetMs: null,
    refreshId: null,
  };
}
