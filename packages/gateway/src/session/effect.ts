import type { CommandPayload, TimerName } from "./input.ts";
import type { Fault, StateName } from "./state.ts";

/** What the shell must do, in the order given. Effects are data: nothing has happened until the shell performs them. */
export type SessionEffect =
  /** Open a connection. `url` is the session's resume URL; `null` means the ordinary Gateway URL. */
  | {
      readonly type: "connect";
      readonly connection: number;
      readonly purpose: "identify" | "resume";
      readonly url: string | null;
    }
  | { readonly type: "send"; readonly payload: OutgoingPayload }
  /** `destroy` = the peer is presumed dead: no Close frame is waited for. */
  | {
      readonly type: "closeSocket";
      readonly connection: number;
      readonly code: number;
      readonly how: "close" | "destroy";
    }
  | { readonly type: "startTimer"; readonly timer: TimerName; readonly afterMs: number }
  | { readonly type: "cancelTimer"; readonly timer: TimerName }
  | { readonly type: "cancelAllTimers" }
  | { readonly type: "requestIdentifyTurn"; readonly connection: number }
  /** Hand the body of the frame being stepped to the consumer. */
  | { readonly type: "deliver"; readonly seq: number }
  | { readonly type: "emit"; readonly event: SessionEvent };

/** The token is the shell's to add: it never enters the machine, its recordings or its logs. */
export type OutgoingPayload =
  | { readonly kind: "identify" }
  | { readonly kind: "resume"; readonly sessionId: string; readonly seq: number }
  | { readonly kind: "heartbeat"; readonly seq: number | null }
  | CommandPayload;

/** What happened, for logs, health and metrics. Fields are flat so that each makes one wide log line. */
export type SessionEvent =
  | { readonly type: "connecting"; readonly connection: number; readonly purpose: "identify" | "resume" }
  | { readonly type: "ready"; readonly connection: number; readonly sessionId: string }
  | {
      readonly type: "resumed";
      readonly connection: number;
      readonly sessionId: string;
      readonly replayed: number;
    }
  | { readonly type: "heartbeatStarted"; readonly connection: number; readonly intervalMs: number }
  | {
      readonly type: "connectionLost";
      readonly connection: number;
      readonly during: StateName;
      readonly cause: LossCause;
      readonly code: number | null;
      readonly detail: string;
      readonly failures: number;
      readonly retryInMs: number;
      readonly next: "identify" | "resume";
    }
  | { readonly type: "sessionDropped"; readonly reason: string }
  | { readonly type: "stable"; readonly connection: number }
  | { readonly type: "heartbeatAcknowledged"; readonly latencyMs: number }
  | { readonly type: "repeatDropped"; readonly seq: number }
  | { readonly type: "frameIgnored"; readonly op: number }
  /** Discord left sequences out; nothing can be done about it but to say so. */
  | { readonly type: "sequenceGap"; readonly from: number; readonly to: number }
  | {
      readonly type: "commandRefused";
      readonly kind: CommandPayload["kind"];
      readonly reason: "not_ready" | "too_many_waiting" | "connection_lost" | "too_large";
    }
  | {
      readonly type: "stopped";
      readonly fault: Fault | null;
      /** Of the last Close frame or failed dial, where that was the end. */
      readonly code: number | null;
      readonly detail: string;
      /** There is a session that a later process can resume. */
      readonly resumable: boolean;
    };

export type LossCause =
  | "closed"
  | "dial_failed"
  | "dial_timeout"
  | "hello_timeout"
  | "ready_timeout"
  | "resumed_timeout"
  | "zombie"
  | "reconnect_requested"
  | "session_invalidated"
  | "malformed_frame"
  | "identify_budget_spent";
