/** What the limiter knows of a request: never its body, never its token. */

/** In order: what is more urgent is sent first, and the others get every tenth turn at least. */
export const PRIORITIES = ["interactive", "api", "bulk"] as const;
export type Priority = (typeof PRIORITIES)[number];

/** Calls with the bot's token share the global limit; answers to interactions carry none and do not count there. */
export type Scope = "bot" | "interaction";

/** A limit of our own, for what Discord's headers do not show. */
export interface Quota {
  readonly key: string;
  readonly max: number;
  readonly windowMs: number;
}

/** Why nobody knows what became of a job that was sent. */
export type UnknownCode = "no_answer" | "connection_lost" | "server_error" | "cancelled";

export interface Job {
  /** Rises with each job. */
  readonly id: number;
  readonly scope: Scope;
  /** Method and path template. */
  readonly route: string;
  /** Channel, guild, webhook or interaction of the path; empty where the path has none. */
  readonly major: string;
  /** `ordered`: one at a time and in order per route and major parameter. `free`: as many at a time as the bucket allows. */
  readonly order: "ordered" | "free";
  /** What follows an answer that was lost: the call is safe to repeat, or its outcome stays unknown. */
  readonly afterLostAnswer: "repeat" | "report";
  readonly priority: Priority;
  /** Callers of one priority take turns. */
  readonly caller: string;
  /** The job is never sent at this time or later. */
  readonly deadlineAtMs: number;
  /** An answer that has not come after this long is lost. */
  readonly attemptTimeoutMs: number;
  readonly quotas: readonly Quota[];
}

/** A job with what became of it so far. */
export interface WaitingJob extends Job {
  readonly attempts: number;
  readonly notBeforeMs: number;
  /** Whether an earlier attempt may have been carried out, and why that is not known. */
  readonly earlier: "notExecuted" | UnknownCode;
}

/** The line a job waits in: one per route and major parameter. */
export function lineKeyOf(job: Pick<Job, "route" | "major">): string {
  return `${job.route} ${job.major}`;
}
