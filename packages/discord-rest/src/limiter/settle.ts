/** How a job enters, returns to and leaves the lines. */

import type { NotSentCode, Settlement } from "./effect.ts";
import { lineFreeAtMs, scopeFreeAtMs } from "./gate.ts";
import { type Job, lineKeyOf, type Scope, type WaitingJob } from "./job.ts";
import { entriesOf } from "./keyed-map.ts";
import { SWEEP_EVERY_MS } from "./limits.ts";
import { earliestDeadlineMs, enqueue, type Line, newLine, removeDue } from "./line.ts";
import { waitingCount } from "./state.ts";
import { change, countWaiting, lineOf, putLine, type Turn } from "./turn.ts";

const SCOPES: readonly Scope[] = ["bot", "interaction"];

/** A new job: waits, unless it can be said at once that it will not be sent. */
export function admit(turn: Turn, job: Job): void {
  const waiting: WaitingJob = {
    ...job,
    attempts: 0,
    notBeforeMs: Number.NEGATIVE_INFINITY,
    earlier: "notExecuted",
  };
  const { waitingByCaller } = turn.state;
  const { waitingMax, waitingPerCallerMax } = turn.limits;
  const isFull =
    (waitingByCaller.get(job.caller) ?? 0) >= waitingPerCallerMax || waitingCount(turn.state) >= waitingMax;
  if (isFull) abandon(turn, waiting, "queue_full", null);
  else wait(turn, waiting, "last");
}

/** A job that was under way waits again, in its old place. */
export function waitAgain(turn: Turn, job: WaitingJob): void {
  wait(turn, job, "first");
}

function wait(turn: Turn, job: WaitingJob, place: "first" | "last"): void {
  const line = lineOf(turn, job.scope, lineKeyOf(job)) ?? newLine(job, turn.nowMs);
  const earliestAtMs = Math.max(job.notBeforeMs, earliestOf(turn, job.scope, line));
  const code = hindrance(turn, job, earliestAtMs);
  if (code !== null) {
    abandon(turn, job, code, earliestAtMs);
    return;
  }
  putLine(turn, job.scope, enqueue(line, job, place));
  countWaiting(turn, job.caller, 1);
  change(turn, {
    nextDeadlineMs: Math.min(turn.state.nextDeadlineMs, job.deadlineAtMs),
    nextSweepMs: Math.min(turn.state.nextSweepMs, turn.nowMs + SWEEP_EVERY_MS),
  });
}

/** Why the job cannot wait, if it cannot. */
function hindrance({ state, nowMs }: Turn, job: WaitingJob, earliestAtMs: number): NotSentCode | null {
  if (state.name === "closing") return "closed";
  if (state.name === "tokenRefused" && job.scope === "bot") return "token_refused";
  if (job.deadlineAtMs <= nowMs) return "deadline_passed";
  return job.deadlineAtMs <= earliestAtMs ? "deadline_unreachable" : null;
}

/** No job of the line can be sent earlier than this. */
function earliestOf(turn: Turn, scope: Scope, line: Line): number {
  const { state, limits, nowMs } = turn;
  return Math.max(
    nowMs,
    scopeFreeAtMs(state, scope, "atBest", limits, nowMs),
    lineFreeAtMs(state, line, "atBest", nowMs),
  );
}

/** The job will not be sent (again). If an earlier attempt may have been carried out, its outcome is unknown. */
export function abandon(turn: Turn, job: WaitingJob, code: NotSentCode, earliestAtMs: number | null): void {
  settle(
    turn,
    job,
    job.earlier === "notExecuted"
      ? { stage: "notSent", code, earliestAtMs }
      : { stage: "unknown", code: job.earlier },
  );
}

export function settle(turn: Turn, job: WaitingJob, settlement: Settlement): void {
  turn.effects.push({ type: "settle", jobId: job.id, attempts: job.attempts, settlement });
}

/** Takes out what can no longer be sent in time, from all lines. */
export function judgeDeadlines(turn: Turn): void {
  for (const scope of SCOPES) {
    for (const [, line] of entriesOf(turn.state.scopes[scope].lines)) judgeLine(turn, scope, line);
  }
  let nextDeadlineMs = Number.POSITIVE_INFINITY;
  for (const scope of SCOPES) {
    for (const [, line] of entriesOf(turn.state.scopes[scope].lines)) {
      nextDeadlineMs = Math.min(nextDeadlineMs, earliestDeadlineMs(line));
    }
  }
  change(turn, { nextDeadlineMs });
}

export function judgeLine(turn: Turn, scope: Scope, line: Line): void {
  const earliestAtMs = earliestOf(turn, scope, line);
  if (earliestDeadlineMs(line) > earliestAtMs) return;
  const { line: rest, due } = removeDue(line, earliestAtMs);
  putLine(turn, scope, rest);
  leave(turn, due);
  for (const job of due) {
    abandon(
      turn,
      job,
      job.deadlineAtMs <= turn.nowMs ? "deadline_passed" : "deadline_unreachable",
      earliestAtMs,
    );
  }
}

/** Takes out everything that waits. */
export function abandonAll(turn: Turn, scopes: readonly Scope[], code: NotSentCode): void {
  for (const scope of scopes) {
    for (const [, line] of entriesOf(turn.state.scopes[scope].lines)) {
      const jobs = line.queues.flatMap((queue) => queue.jobs);
      if (jobs.length === 0) continue;
      putLine(turn, scope, { ...line, queues: [] });
      leave(turn, jobs);
      for (const job of jobs) abandon(turn, job, code, null);
    }
  }
}

/** Jobs that no longer wait are no longer counted. */
export function leave(turn: Turn, jobs: readonly WaitingJob[]): void {
  for (const { caller } of jobs) countWaiting(turn, caller, -1);
}
