/**
 * The limiter: `step(state, input, limits) → { state, effects }`. Rules of this file:
 *   - it is pure: no clock, timer, socket, random, log or await; time and chance come with the input;
 *   - the one `switch` below holds the control flow, the files beside it hold a rule each;
 *   - each job is settled exactly once, and an answer to an earlier attempt changes nothing.
 *
 * Source of the rules: https://discord.com/developers/docs/topics/rate-limits (and SPEC.md beside this package).
 */
import { onAnswer, onNoAnswer, onNotSent } from "./answered.ts";
import { dispatchScope } from "./dispatch.ts";
import type { LimiterEffect } from "./effect.ts";
import type { LimiterInput } from "./input.ts";
import { type Job, lineKeyOf } from "./job.ts";
import type { RestLimits } from "./limits.ts";
import { removeJob } from "./line.ts";
import { restore } from "./remembered.ts";
import { abandon, abandonAll, admit, judgeDeadlines, leave } from "./settle.ts";
import type { InFlight, LimiterState } from "./state.ts";
import { sweep } from "./sweep.ts";
import { change, lineOf, putLine, type Turn } from "./turn.ts";

/** The state that follows, and what the shell does, in order. */
export interface Transition {
  readonly state: LimiterState;
  readonly effects: readonly LimiterEffect[];
}

export function step(state: LimiterState, input: LimiterInput, limits: RestLimits): Transition {
  if (state.name === "closed") return { state, effects: refusedAfterTheEnd(input) };
  const turn: Turn = { state, effects: [], nowMs: input.atMs, roll: input.roll, limits };

  switch (input.type) {
    case "restored":
      restore(turn, input.remembered);
      break;
    case "requested":
      admit(turn, input.job);
      break;
    case "cancelled":
      cancel(turn, input.job);
      break;
    case "answered": {
      const flight = flightOf(turn, input);
      if (flight !== undefined) onAnswer(turn, flight, input.answer);
      break;
    }
    case "failed": {
      const flight = flightOf(turn, input);
      if (flight === undefined) break;
      if (input.stage === "notSent") onNotSent(turn, flight);
      else onNoAnswer(turn, flight, "connection_lost");
      break;
    }
    case "woke":
      change(turn, { wakeAtMs: null });
      break;
    case "closeRequested":
      close(turn);
      break;
  }
  return finish(turn);
}

/** What follows every input: lost answers, deadlines, what may be sent now, and when to look again. */
function finish(turn: Turn): Transition {
  const { nowMs } = turn;
  for (const flight of turn.state.inFlight.values()) {
    if (flight.giveUpAtMs > nowMs) continue;
    abort(turn, flight);
    onNoAnswer(turn, flight, "no_answer");
  }
  if (turn.state.nextDeadlineMs <= nowMs) judgeDeadlines(turn);
  const nextSendMs = Math.min(dispatchScope(turn, "interaction"), dispatchScope(turn, "bot"));
  if (turn.state.nextSweepMs <= nowMs) sweep(turn);
  if (turn.state.name === "closing" && turn.state.inFlight.size === 0) {
    return {
      state: { name: "closed" },
      effects: [...turn.effects, { type: "wakeAt", atMs: null }, { type: "closed" }],
    };
  }
  let wakeAtMs = Math.min(nextSendMs, turn.state.nextDeadlineMs, turn.state.nextSweepMs);
  for (const { giveUpAtMs } of turn.state.inFlight.values()) wakeAtMs = Math.min(wakeAtMs, giveUpAtMs);
  const wanted = wakeAtMs === Number.POSITIVE_INFINITY ? null : wakeAtMs;
  if (wanted !== turn.state.wakeAtMs) {
    change(turn, { wakeAtMs: wanted });
    turn.effects.push({ type: "wakeAt", atMs: wanted });
  }
  return { state: turn.state, effects: turn.effects };
}

function flightOf({ state }: Turn, { jobId, attempt }: { readonly jobId: number; readonly attempt: number }) {
  const flight = state.inFlight.get(jobId);
  return flight?.job.attempts === attempt ? flight : undefined;
}

function cancel(turn: Turn, job: Job): void {
  const flight = turn.state.inFlight.get(job.id);
  if (flight !== undefined) {
    abort(turn, flight);
    onNoAnswer(turn, flight, "cancelled");
    return;
  }
  const line = lineOf(turn, job.scope, lineKeyOf(job));
  const found = line === undefined ? null : removeJob(line, job.id);
  if (found === null) return;
  putLine(turn, job.scope, found.line);
  leave(turn, [found.job]);
  abandon(turn, found.job, "cancelled", null);
}

/** Asked a second time, what is under way is no longer awaited. */
function close(turn: Turn): void {
  if (turn.state.name === "closing") {
    for (const flight of turn.state.inFlight.values()) {
      abort(turn, flight);
      onNoAnswer(turn, flight, "cancelled");
    }
    return;
  }
  turn.state = { ...turn.state, name: "closing" };
  abandonAll(turn, ["bot", "interaction"], "closed");
  change(turn, { nextDeadlineMs: Number.POSITIVE_INFINITY });
}

function abort(turn: Turn, { job }: InFlight): void {
  turn.effects.push({ type: "abort", jobId: job.id, attempt: job.attempts });
}

function refusedAfterTheEnd(input: LimiterInput): readonly LimiterEffect[] {
  if (input.type !== "requested") return [];
  const settlement = { stage: "notSent", code: "closed", earliestAtMs: null } as const;
  return [{ type: "settle", jobId: input.job.id, attempts: 0, settlement }];
}
