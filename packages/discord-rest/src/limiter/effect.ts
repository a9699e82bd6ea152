import type { Refusal } from "./answer.ts";
import type { Scope, UnknownCode, WaitingJob } from "./job.ts";

/** Why a job was not sent, and will not be. */
export type NotSentCode =
  | "deadline_unreachable"
  | "deadline_passed"
  | "queue_full"
  | "token_refused"
  | "cancelled"
  | "closed";

export type Settlement =
  /** With the answer of this step's input. */
  | { readonly stage: "answered" }
  /** `earliestAtMs`: no earlier than this could it have been sent, where that is known. */
  | { readonly stage: "notSent"; readonly code: NotSentCode; readonly earliestAtMs: number | null }
  | { readonly stage: "unknown"; readonly code: UnknownCode };

export type LimiterEvent =
  | {
      readonly type: "limited";
      readonly route: string;
      readonly refusal: Refusal;
      /** What is paused: the bucket; the line, for a limit that headers do not show; the scope; everything. */
      readonly paused: "bucket" | "line" | Scope | "everything";
    }
  | { readonly type: "tokenRefused" }
  /** Nothing is sent until there are fewer. */
  | { readonly type: "invalidRequestsSpent"; readonly count: number };

/** Performed in order. */
export type LimiterEffect =
  | { readonly type: "send"; readonly job: WaitingJob; readonly attempt: number }
  /** The answer is no longer awaited. */
  | { readonly type: "abort"; readonly jobId: number; readonly attempt: number }
  /** The last word on a job: each has exactly one. */
  | {
      readonly type: "settle";
      readonly jobId: number;
      readonly attempts: number;
      readonly settlement: Settlement;
    }
  /** Replaces the earlier one. */
  | { readonly type: "wakeAt"; readonly atMs: number | null }
  /** What `rememberedOf` returns has changed. */
  | { readonly type: "remember" }
  | { readonly type: "emit"; readonly event: LimiterEvent }
  /** Nothing is under way any more. */
  | { readonly type: "closed" };
