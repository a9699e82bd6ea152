/**
 * One browser's connection, seen from the hub: what it knows, what can happen to it and what it does. The rules are in
 * connection-step.ts.
 */
import type { HubCloseCode } from "./close-code.ts";
import type { ClientMessage, ErrorCode, ResyncReason, ServerMessage } from "./message.ts";
import { fullBudget, type MessageBudget } from "./message-budget.ts";
import type { Position } from "./position.ts";
import type { DeltaFrame, Subscription } from "./subscription.ts";

export const AUTH_WITHIN_MS = 5_000;
export const TOPICS_PER_CONNECTION_MAX = 32;
/** A browser's frames; the socket itself refuses larger ones. */
export const CLIENT_FRAME_BYTES_MAX = 8_192;
export const UnsubscribedCode = {
  /** The position is further than the log: subscribe again without one. */
  PositionAhead: 2101,
  /** The topic could not be read: subscribe again without a position. */
  Unreadable: 2102,
  /** The topic's log began anew. */
  EpochChanged: 2103,
  /** A new ticket says less than the last: do not subscribe again. */
  NotAllowed: 2201,
} as const;
/** How much longer than its authorization a connection lives, for a new ticket that is on its way. */
export const EXPIRY_GRACE_MS = 10_000;

/** What a ticket says its bearer may see. */
export interface Grant {
  /** Who it is, in the words of whoever made the ticket. */
  readonly subject: string | null;
  /** Named by the ticket; views that are open to anyone need no naming. */
  readonly views: readonly string[];
  /** `null`: every guild. */
  readonly guilds: readonly string[] | null;
  /** Unix ms; `null`: it does not end. */
  readonly expiresAtMs: number | null;
  /** What the browser may come back with instead of a ticket. */
  readonly resume: string | null;
}

export type GrantOutcome =
  | { readonly ok: true; readonly grant: Grant }
  | {
      readonly ok: false;
      readonly code: Extract<ErrorCode, "unauthorized" | "expired" | "forbidden" | "limit" | "unavailable">;
      readonly message: string;
    };

/** What a connection must know of its hub. */
export interface ConnectionRules {
  readonly connectionId: string;
  readonly tickMs: number;
  readonly graceMs: number;
  /** What a browser without a ticket may see. */
  readonly anyone: Grant;
  /** Whether a browser with this grant may have the topic. */
  readonly admitTopic: (topic: string, grant: Grant) => TopicAdmission;
}

export type TopicAdmission =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: "forbidden" | "unknown_topic"; readonly message: string };

export interface Connection {
  readonly rules: ConnectionRules;
  readonly phase: "awaitingAuth" | "verifying" | "open" | "closed";
  /** The browser's message whose ticket is being looked at: the first one, or one that refreshes the grant. */
  readonly verifying: AuthMessage | undefined;
  readonly grant: Grant;
  /** Its `auth` asked for `fresh` messages. */
  readonly takesFresh: boolean;
  readonly budget: MessageBudget;
  readonly topics: ReadonlyMap<string, Subscription>;
  readonly readsStarted: number;
}

export type AuthMessage = Extract<ClientMessage, { readonly t: "auth" }>;

/** What the hub read of a topic for one subscription. */
export type TopicAnswer =
  | { readonly type: "resumed"; readonly position: Position; readonly frame: DeltaFrame | undefined }
  | { readonly type: "snapshot"; readonly position: Position; readonly pages: readonly Uint8Array[] }
  | { readonly type: "ahead" }
  | { readonly type: "failed" };

export type ConnectionInput =
  | { readonly type: "frameReceived"; readonly text: string; readonly atMs: number }
  | { readonly type: "binaryReceived" }
  | { readonly type: "authTimedOut" }
  | { readonly type: "ticketVerified"; readonly outcome: GrantOutcome; readonly atMs: number }
  /** The time of `startExpiryTimer` has come. */
  | { readonly type: "authorizationEnded" }
  | {
      readonly type: "topicRead";
      readonly topic: string;
      readonly readId: number;
      readonly answer: TopicAnswer;
    }
  /** A window of a topic was flushed, and this connection is reading the topic (S1, S2). */
  | { readonly type: "topicChanged"; readonly topic: string; readonly frame: DeltaFrame }
  /** The socket holds too much to be given the topic's frame after `position` (S4). */
  | { readonly type: "fellBehind"; readonly topic: string; readonly position: Position }
  | { readonly type: "drained" }
  /** The topic changed so much after `position` that a snapshot is shorter. */
  | { readonly type: "readAgain"; readonly topic: string; readonly position: Position }
  /** The topic's log began anew, or has a hole: positions on it are void. */
  | { readonly type: "topicBroken"; readonly topic: string };

export type ConnectionEffect =
  | { readonly type: "send"; readonly message: ServerMessage }
  | { readonly type: "sendBytes"; readonly bytes: Uint8Array }
  | { readonly type: "startAuthTimer"; readonly afterMs: number }
  | { readonly type: "cancelAuthTimer" }
  | { readonly type: "verifyTicket"; readonly ticket: string }
  /** In place of the one before. */
  | { readonly type: "startExpiryTimer"; readonly atMs: number }
  /** Begin to report the topic's changes to this connection, then read it from `position` and report the answer. */
  | {
      readonly type: "readTopic";
      readonly topic: string;
      readonly readId: number;
      readonly position: Position | undefined;
    }
  /** From now on the topic's frames go straight to the socket. */
  | { readonly type: "goLive"; readonly topic: string }
  | { readonly type: "leaveTopic"; readonly topic: string }
  | { readonly type: "resyncAsked"; readonly topic: string; readonly why: ResyncReason }
  | { readonly type: "close"; readonly code: HubCloseCode; readonly reason: string };

export interface ConnectionStep {
  readonly connection: Connection;
  readonly effects: readonly ConnectionEffect[];
}

export function openConnection(rules: ConnectionRules, atMs: number): ConnectionStep {
  return {
    connection: {
      rules,
      phase: "awaitingAuth",
      takesFresh: false,
      verifying: undefined,
      grant: rules.anyone,
      budget: fullBudget(atMs),
      topics: new Map(),
      readsStarted: 0,
    },
    effects: [{ type: "startAuthTimer", afterMs: AUTH_WITHIN_MS }],
  };
}

export function prepended(effects: readonly ConnectionEffect[], result: ConnectionStep): ConnectionStep {
  return { connection: result.connection, effects: [...effects, ...result.effects] };
}

export function still(connection: Connection): ConnectionStep {
  return { connection, effects: [] };
}

export function refusal(id: number, code: ErrorCode, msg: string, topic?: string): ConnectionEffect {
  const retry = code === "rate" || code === "internal" || code === "unavailable";
  const about = topic === undefined ? {} : { topic };
  return { type: "send", message: { t: "err", id, ...about, code, msg, retry } };
}
