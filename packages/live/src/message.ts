/**
 * The messages of `hub/1`, the protocol between hub and browser: JSON text frames over a WebSocket with the
 * sub-protocol `hub.v1`. Names are short because frames are many.
 *
 *   browser                                    hub
 *     │ auth {subs:[{topic, e, o}]}  ─────────▶ │   must be the first frame
 *     │ ◀───────────────────────────── hi       │
 *     │ ◀───────────────── subd, then snap or d │   snapshot, or one squashed delta from (e, o)
 *     │ ◀──────────────────── d, d, d, tick …   │
 *     │ resync {topic, e, o, why} ────────────▶ │   a gap or a wrong digest: start this topic again
 *     │ auth {ticket} ────────────────────────▶ │   a new ticket before the authorization ends
 *     │ ◀───────────────────────────── hi       │
 */
import type { Entry, Op } from "./op.ts";

export const SUBPROTOCOL = "hub.v1";
export const PROTOCOL_VERSION = 1;

export interface SubscribeRequest {
  readonly topic: string;
  /** Both or neither: without them the browser has nothing yet. */
  readonly e?: string;
  readonly o?: number;
}

export type ResyncReason = "gap" | "digest" | "reducer" | "paused";

export type ClientMessage =
  | {
      readonly t: "auth";
      readonly id: number;
      readonly v: number;
      readonly ticket?: string;
      readonly sdk?: string;
      /** Asks for `fresh` messages. */
      readonly fresh?: boolean;
      readonly subs?: readonly SubscribeRequest[];
    }
  | ({ readonly t: "sub"; readonly id: number } & SubscribeRequest)
  | { readonly t: "unsub"; readonly id: number; readonly topic: string }
  | ({
      readonly t: "resync";
      readonly id: number;
      readonly why: ResyncReason;
      readonly dg?: number;
    } & SubscribeRequest)
  | { readonly t: "pong" };

export type ErrorCode =
  | "bad_request"
  | "unauthorized"
  | "forbidden"
  | "unknown_topic"
  | "already_subscribed"
  | "limit"
  | "rate"
  | "expired"
  | "internal"
  | "unavailable";

export type ServerMessage =
  | {
      readonly t: "hi";
      readonly id: number;
      readonly conn: string;
      readonly v: number;
      /** The hub's clock, Unix ms. */
      readonly now: number;
      /** A frame comes at least this often, ms. */
      readonly tick: number;
      /** How much later than `tick` a browser should give the connection up, ms. */
      readonly grace: number;
      /** When the authorization ends, Unix s; absent when it does not. A new ticket before that keeps the connection. */
      readonly exp?: number;
      /** May be sent as the `ticket` of the next connection, until `exp`. */
      readonly resume?: string;
    }
  | {
      readonly t: "subd";
      readonly id: number;
      readonly topic: string;
      readonly e: string;
      readonly o: number;
      readonly how: "resumed" | "snapshot";
    }
  | {
      readonly t: "snap";
      readonly topic: string;
      readonly e: string;
      readonly o: number;
      /** From 1; the browser swaps the whole set in when `last` has come. */
      readonly page: number;
      readonly last: boolean;
      readonly dg: number;
      readonly s: readonly Entry[];
    }
  | {
      readonly t: "d";
      readonly topic: string;
      /** The delta leads from offset `f` to offset `o`. */
      readonly f: number;
      readonly o: number;
      /** When the newest of these changes reached the worker, Unix ms. */
      readonly at: number;
      readonly ops: readonly Op[];
    }
  | { readonly t: "tick"; readonly topic: string; readonly o: number; readonly dg: number }
  /**
   * How many ms ago the hub last received anything of the worker behind a topic, and the worker of Discord; `discord` is
   * `null` while that is not known. Sent on subscribing and at least every 11 s, to those whose `auth` asks for it; it changes nothing.
   */
  | {
      readonly t: "fresh";
      readonly topic: string;
      readonly worker: number;
      readonly discord: number | null;
    }
  | { readonly t: "ping" }
  | { readonly t: "unsubd"; readonly topic: string; readonly code: number; readonly msg: string }
  | {
      readonly t: "err";
      readonly id: number;
      /** The topic it is about: `auth` asks for several under one `id`. Absent when it is about none. */
      readonly topic?: string;
      readonly code: ErrorCode;
      readonly msg: string;
      readonly retry: boolean;
    }
  | { readonly t: "bye"; readonly code: number; readonly after: number; readonly spread: number };
