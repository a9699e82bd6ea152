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
  /** Dispatches that nobody wants, one behind the other without a gap: nothing of them but their sequences is known. */
  | { readonly kind: "passedOver"; readonly firstSeq: number; readonly lastSeq: number }
  | { readonly kind: "unknown"; readonly op: number }
  | { readonly kind: "malformed"; readonly problem: string };

export type DialFailure =
  /** DNS, TCP, TLS, a refused upgrade, or a REST answer that makes no sense. */
  | { readonly kind: "unreachable"; readonly detail: string }
  | { readonly kind: "tokenRefused" }
  /** No Identify is left today; `retryAfterMs` from now there are some again. */
  | { readonly kind: "identifyBudgetSpent"; readonly retryAfterMs: number };

export type TimerName =
  | "dial"
  | "hello"
  | "ready"
  | "resumed"
  | "heartbeat"
  | "stable"
  | "reconnect"
  | "sendWindow";

/**
 * Frames an application may ask to have sent.
 * Source: https://discord.com/developers/docs/events/gateway-events#send-events
 */
export type CommandPayload =
  /** Answered by one CHANNEL_INFO. */
  | {
      readonly kind: "requestChannelInfo";
      readonly guildId: string;
      readonly fields: readonly ("status" | "voice_start_time")[];
    }
  /** Answered by GUILD_MEMBERS_CHUNK. Either members whose name begins with `query`, or the ones named. */
  | {
      readonly kind: "requestGuildMembers";
      readonly guildId: string;
      readonly who:
        | { readonly query: string; readonly limit: number }
        | { readonly userIds: readonly string[] };
      readonly presences?: boolean;
      /** At most 32 bytes; comes back in the chunks. */
      readonly nonce?: string;
    }
  | {
      readonly kind: "presenceUpdate";
      readonly status: "online" | "dnd" | "idle" | "invisible";
      readonly activities: readonly {
        readonly name: string;
        readonly type: number;
        readonly state?: string;
      }[];
      readonly afk?: boolean;
      /** Unix ms since which the bot is idle. */
      readonly sinceMs?: number;
    };
