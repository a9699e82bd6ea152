/**
 * Which job is sent next. Among the jobs that may be sent now: by priority, except that a lower one which was passed
 * over nine times is next; within it the caller, of that caller the line, that was served longest ago; in it the oldest.
 */
import { beginUse, unobserved } from "./bucket.ts";
import { bucketKeysOf, globalRule, jobFreeAtMs, lineFreeAtMs, quotaRule, scopeFreeAtMs } from "./gate.ts";
import { PRIORITIES, type Priority, type Scope, type WaitingJob } from "./job.ts";
import { entryOf, forEachValue, withEntry } from "./keyed-map.ts";
import { PASSED_OVER_MAX } from "./limits.ts";
import { dequeue, type Line, type Queue } from "./line.ts";
import { NO_SLOTS, takeSlot } from "./slots.ts";
import type { Machine } from "./state.ts";
import { change, changeScope, countWaiting, putLine, type Turn } from "./turn.ts";

interface Candidate {
  readonly line: Line;
  readonly queue: Queue;
  readonly job: WaitingJob;
  readonly callerTurn: number;
}

/** Sends all that may be sent now. Returns when the next one may be, `Infinity` if nothing waits for time to pass. */
export function dispatchScope(turn: Turn, scope: Scope): number {
  for (;;) {
    const { state, limits, nowMs } = turn;
    const freeAtMs = scopeFreeAtMs(state, scope, "now", limits, nowMs);
    if (freeAtMs > nowMs) return hasWaiting(state, scope) ? freeAtMs : Number.POSITIVE_INFINITY;
    const { best, nextAtMs } = candidatesOf(state, scope, nowMs);
    const chosen = chosenAmong(best, state.passedOver);
    if (chosen === undefined) return nextAtMs;
    send(turn, scope, chosen, best);
  }
}

type Best = Partial<Record<Priority, Candidate>>;

function candidatesOf(
  machine: Machine,
  scope: Scope,
  nowMs: number,
): { readonly best: Best; readonly nextAtMs: number } {
  const best: Best = {};
  let nextAtMs = Number.POSITIVE_INFINITY;
  forEachValue(machine.scopes[scope].lines, (line) => {
    if (line.queues.length === 0) return;
    const lineAtMs = lineFreeAtMs(machine, line, "now", nowMs);
    if (lineAtMs > nowMs) {
      nextAtMs = Math.min(nextAtMs, lineAtMs);
      return;
    }
    for (const queue of line.queues) {
      const job = queue.jobs[0];
      if (job === undefined) continue;
      const atMs = jobFreeAtMs(machine, job, nowMs);
      if (atMs > nowMs) {
        nextAtMs = Math.min(nextAtMs, atMs);
        continue;
      }
      const candidate = { line, queue, job, callerTurn: machine.callerTurns.get(job.caller) ?? 0 };
      const rival = best[job.priority];
      if (rival === undefined || comesBefore(candidate, rival)) best[job.priority] = candidate;
    }
  });
  return { best, nextAtMs };
}

function comesBefore(one: Candidate, other: Candidate): boolean {
  if (one.callerTurn !== other.callerTurn) return one.callerTurn < other.callerTurn;
  if (one.line.servedTurn !== other.line.servedTurn) return one.line.servedTurn < other.line.servedTurn;
  return one.job.id < other.job.id;
}

function chosenAmong(best: Best, passedOver: Machine["passedOver"]): Candidate | undefined {
  const present = PRIORITIES.filter((priority) => best[priority] !== undefined);
  const starved = present.find((priority) => passedOver[priority] >= PASSED_OVER_MAX);
  const priority = starved ?? present[0];
  return priority === undefined ? undefined : best[priority];
}

function send(turn: Turn, scope: Scope, { line, queue, job }: Candidate, best: Best): void {
  const { state, nowMs, limits } = turn;
  const attempt = job.attempts + 1;
  const sent: WaitingJob = { ...job, attempts: attempt };
  const bucketKeys = bucketKeysOf(state, line);
  const number = state.turn + 1;

  let { buckets, quotas } = state;
  for (const key of bucketKeys) {
    buckets = withEntry(buckets, key, beginUse(entryOf(buckets, key) ?? unobserved(nowMs), nowMs));
  }
  for (const quota of job.quotas) {
    const slots = entryOf(quotas, quota.key) ?? NO_SLOTS;
    quotas = withEntry(quotas, quota.key, takeSlot(slots, job.id, quotaRule(quota), nowMs));
  }
  const passedOver = { ...state.passedOver };
  for (const priority of PRIORITIES) {
    if (priority === job.priority) passedOver[priority] = 0;
    else if (best[priority] !== undefined) passedOver[priority] += 1;
  }
  change(turn, {
    buckets,
    quotas,
    passedOver,
    turn: number,
    global: scope === "bot" ? takeSlot(state.global, job.id, globalRule(limits), nowMs) : state.global,
    callerTurns: new Map(state.callerTurns).set(job.caller, number),
    inFlight: new Map(state.inFlight).set(job.id, {
      job: sent,
      bucketKeys,
      sentAtMs: nowMs,
      giveUpAtMs: nowMs + job.attemptTimeoutMs,
    }),
  });
  countWaiting(turn, job.caller, -1);
  changeScope(turn, scope, { inFlight: turn.state.scopes[scope].inFlight + 1 });
  const after = dequeue(line, queue);
  putLine(turn, scope, { ...after, inFlight: line.inFlight + 1, servedTurn: number, usedAtMs: nowMs });
  turn.effects.push({ type: "send", job: sent, attempt });
}

function hasWaiting(machine: Machine, scope: Scope): boolean {
  let found = false;
  forEachValue(machine.scopes[scope].lines, ({ queues }) => {
    found ||= queues.length > 0;
  });
  return found;
}
