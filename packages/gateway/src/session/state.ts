/**
 * What the session machine knows at each moment. Every state carries only what is known in it: there are no
 * booleans beside the state and no field that "must be set when…".
 *
 *   disconnected ──▶ connecting ──▶ awaitingHello ──▶ awaitingIdentifyTurn ──▶ identifying ──▶ ready
 *        ▲                                │                                                      ▲
 *        │                                └──────────────▶ resuming ────────────────────────────┘
 *        └── any loss (with back-off) ────┘            any state ──▶ stopped (asked to, fatal, or spent)
 */

import type { SendBudget } from "./send-budget.ts";

/** A Gateway session, resumable for some minutes after its connection is lost. */
export interface Session {
  readonly id: string;
  readonly resumeUrl: string;
  /** Highest sequence seen; anything at or below it is a repeat. */
  readonly receivedSeq: number;
  /** Highest sequence the consumer has stored: what a Heartbeat and a Resume claim. */
  readonly storedSeq: number;
}

/** Where the next Resume goes: the session's own URL first, the ordinary one when that fails. */
export type ResumeRoute = "resumeUrl" | "mainUrl";

/** What the next connection is for. */
export type Plan =
  | { readonly kind: "identify" }
  | { readonly kind: "resume"; readonly session: Session; readonly route: ResumeRoute };

export interface Heartbeat {
  readonly intervalMs: number;
  /** When the last regular beat went out; `null` before the first. */
  readonly sentAtMs: number | null;
  readonly acknowledged: boolean;
}

/** What a connection has once Hello came: its pulse, and what it may still send. */
export interface Link {
  readonly heartbeat: Heartbeat;
  readonly budget: SendBudget;
}

/** A connection is known by its number, from 1; what an earlier one still sends is dropped. */
interface Connected {
  readonly connection: number;
  /** Connections lost since a session last lasted; picks the back-off. */
  readonly failures: number;
}

export type SessionState =
  /** Not started, or waiting for the reconnect timer. `connection` is the last one used. */
  | (Connected & { readonly name: "disconnected"; readonly plan: Plan })
  | (Connected & { readonly name: "connecting"; readonly plan: Plan })
  | (Connected & { readonly name: "awaitingHello"; readonly plan: Plan })
  | (Connected & Link & { readonly name: "awaitingIdentifyTurn" })
  | (Connected & Link & { readonly name: "identifying" })
  | (Connected &
      Link & {
        readonly name: "resuming";
        readonly session: Session;
        readonly route: ResumeRoute;
        readonly replayed: number;
      })
  | (Connected & Link & { readonly name: "ready"; readonly session: Session })
  | { readonly name: "stopped"; readonly session: Session | null; readonly fault: Fault | null };

export type StateName = SessionState["name"];

/** Why the machine stopped for good. `null` in `stopped` means it was asked to. */
export type Fault =
  | { readonly code: "token_refused" }
  | { readonly code: "invalid_shard" }
  | { readonly code: "sharding_required" }
  | { readonly code: "invalid_api_version" }
  | { readonly code: "invalid_intents" }
  | { readonly code: "disallowed_intents" }
  | { readonly code: "attempts_spent"; readonly failures: number };

export function initialState(session: Session | null): SessionState {
  return { name: "disconnected", connection: 0, failures: 0, plan: planFor(session) };
}

/** Begins at the top of the ladder: resume at the session's own URL, or identify when there is no session. */
export function planFor(session: Session | null): Plan {
  return session === null ? { kind: "identify" } : { kind: "resume", session, route: "resumeUrl" };
}

/** The session a state holds, if any. */
export function sessionOf(state: SessionState): Session | null {
  switch (state.name) {
    case "disconnected":
    case "connecting":
    case "awaitingHello":
      return state.plan.kind === "resume" ? state.plan.session : null;
    case "awaitingIdentifyTurn":
    case "identifying":
      return null;
    case "resuming":
    case "ready":
    case "stopped":
      return state.session;
  }
}
