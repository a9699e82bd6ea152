import type { Answer } from "./answer.ts";
import type { InvalidSpan } from "./invalid-requests.ts";
import type { Job, Scope } from "./job.ts";

/** A pause that is obeyed over restarts: of everything (`edge`), of a scope, or of one line. */
export interface LongPause {
  readonly of: "edge" | Scope | PausedLine;
  readonly untilMs: number;
}

/** One of the scope `bot`. */
export type PausedLine = Pick<Job, "route" | "major" | "order">;

/** What outlives a restart. Times are the machine's own. */
export interface Remembered {
  readonly invalid: readonly InvalidSpan[];
  readonly pauses: readonly LongPause[];
}

/** `atMs`: monotonic time. `roll`: chance, from 0 to below 1. */
export type LimiterInput = { readonly atMs: number; readonly roll: number } & (
  | { readonly type: "restored"; readonly remembered: Remembered }
  | { readonly type: "requested"; readonly job: Job }
  | { readonly type: "cancelled"; readonly job: Job }
  /** `attempt` is the one that the `send` effect named; an answer to an earlier one changes nothing. */
  | { readonly type: "answered"; readonly jobId: number; readonly attempt: number; readonly answer: Answer }
  /** No answer. `notSent`: no byte of the request left. */
  | {
      readonly type: "failed";
      readonly jobId: number;
      readonly attempt: number;
      readonly stage: "notSent" | "unknown";
    }
  | { readonly type: "woke" }
  | { readonly type: "closeRequested" }
);
