import type { Ready } from "@guildwire/discord-wire";

/**
 * Everything that can happen to a session. Time and chance are fields of the input, so that a recorded list of
 * inputs replays exactly.
 */
export interface Stamp {
  /** Monotonic milliseconds. */
  readonly atMs: number;
  /** A number in [0, 1) for whatever this step leaves to chance. */
  readonly roll: number;
}

export type SessionInput = Stamp &
  (
    | { readonly type: "connectRequested" }
    | { readonly type: "socketOpened"; readonly connection: number }
    | { readonly type: "dialFailed"; readonly connection: number; readonly reason: DialFailure }
    /** `code` is `null` when no Close frame was seen; also the end of a dial that came to nothing. */
    | {
        readonly type: "socketClosed";
        readonly connection: number;
        readonly code: number | null;
        readonly detail: string;
      }
    | { readonly type: "received"; readonly connection: number; readonly frame: IncomingFrame }
    | { readonly type: "timerFired"; readonly connection: number; readonly timer: TimerName }
    | { readonly type: "identifyTurnGranted"; readonly connection: number }
    | { readonly type: "stored"; readonly sessionId: string; readonly seq: number }
    | { readonly type: "sendRequested"; readonly payload: CommandPayload }
    | { readonly type: "stopRequested"; readonly keepSession: boolean }
  );

/** A frame as far as the machine cares: the bodies of dispatches travel beside it. */
export type IncomingFrame =
  | { readonly kind: "hello"; readonly heartbeatIntervalMs: number }
  | { readonly kind: "heartbeatRequest" }
  | { readonly kind: "heartbeatAck" }
  | { readonly kind: "reconnect" }
  | { readonly kind: "invalidSession"; readonly resumable: boolean }
  | { readonly kind: "ready"; readonly seq: number; readonly ready: Ready }
  | { readonly kind: "resumed"; readonly seq: number }
  | { readonly kind: "dispatch"; readonly seq: number; readonly name: string }
  | { readonly kind: "unknown"; readonly op: number }
  | { readonly kind: "malformed"; readonly problem: string };

export type DialFailure =
  /** DNS, TCP, TLS, a refused upgrade, or a REST answer that makes no sense. */
  | { readonly kind: "unreachable"; readonly detail: string }
  | { readonly kind: "tokenRefused" }
  /** No Identify is left today; `retryAfterMs` from now there are some again. */
  | { readonly kind: "identifyBudgetSpent"; readonly retryAfterMs: number };

export type TimerName = "dial" | "hello" | "ready" | "resumed" | "heartbeat" | "stable" | "reconnect";

/** Frames an application may ask to have sent. Bodies are Discord's, in its own field names. */
export type CommandPayload =
  | {
      readonly kind: "requestChannelInfo";
      readonly guildId: string;
      readonly fields: readonly ("status" | "voice_start_time")[];
    }
  | { readonly kind: "presenceUpdate"; readonly d: unknown };
