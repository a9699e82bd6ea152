/**
 * The session machine: `step(state, input) → { state, effects }`. Rules of this file:
 *   - it is pure: no clock, timer, socket, random, log or await; time and chance come with the input;
 *   - the one `switch` below holds the control flow, the files beside it hold a rule each;
 *   - an input that carries the number of an earlier connection changes nothing.
 *
 * Source of the rules: https://discord.com/developers/docs/events/gateway (and SPEC.md beside this package).
 */
import { unreachable } from "./assert.ts";
import { OUR_CLOSE_CODE, verdictOnClose } from "./close-policy.ts";
import { command, refused, sendWhatFits } from "./command.ts";
import type { SessionEffect } from "./effect.ts";
import { regularBeat } from "./heartbeat.ts";
import type { DialFailure, SessionInput, TimerName } from "./input.ts";
import { isResumable, type Loss, lose } from "./loss.ts";
import { receive } from "./received.ts";
import { recordSend } from "./send-budget.ts";
import { type Session, type SessionState, sessionOf } from "./state.ts";
import type { SessionTiming } from "./timing.ts";
import { next, type Transition } from "./transition.ts";

export function step(state: SessionState, input: SessionInput, timing: SessionTiming): Transition {
  if (state.name === "stopped") return next(state);
  if ("connection" in input && input.connection !== state.connection) return next(state);

  switch (input.type) {
    case "connectRequested":
      return state.name === "disconnected" && state.connection === 0 ? dial(state, timing) : next(state);
    case "socketOpened":
      if (state.name !== "connecting") return next(state);
      return next(
        { ...state, name: "awaitingHello" },
        { type: "cancelTimer", timer: "dial" },
        { type: "startTimer", timer: "hello", afterMs: timing.helloTimeoutMs },
      );
    case "dialFailed":
      if (state.name !== "connecting") return next(state);
      return lose(state, lossOfDial(input.reason), timing, input);
    case "socketClosed": {
      if (state.name === "disconnected") return next(state);
      const { code, detail } = input;
      return lose(state, { cause: "closed", code, detail, verdict: verdictOnClose(code) }, timing, input);
    }
    case "received":
      if (state.name === "disconnected") return next(state);
      return receive(state, input.frame, timing, input);
    case "timerFired":
      return onTimer(state, input.timer, timing, input);
    case "identifyTurnGranted":
      if (state.name !== "awaitingIdentifyTurn") return next(state);
      return next(
        { ...state, name: "identifying", budget: recordSend(state.budget, input.atMs) },
        { type: "send", payload: { kind: "identify" } },
        { type: "startTimer", timer: "ready", afterMs: timing.readyTimeoutMs },
      );
    case "stored":
      return next(withStored(state, input.sessionId, input.seq));
    case "sendRequested":
      return state.name === "ready"
        ? command(state, input.payload, input)
        : next(state, refused(input.payload.kind, "not_ready"));
    case "stopRequested":
      return stop(state, input.keepSession);
    default:
      return unreachable(input);
  }
}

type Living = Exclude<SessionState, { name: "stopped" }>;

function dial(state: Extract<SessionState, { name: "disconnected" }>, timing: SessionTiming): Transition {
  const { plan, failures } = state;
  const connection = state.connection + 1;
  const url = plan.kind === "resume" && plan.route === "resumeUrl" ? plan.session.resumeUrl : null;
  return next(
    { name: "connecting", connection, failures, plan },
    { type: "emit", event: { type: "connecting", connection, purpose: plan.kind } },
    { type: "connect", connection, purpose: plan.kind, url },
    { type: "startTimer", timer: "dial", afterMs: timing.dialTimeoutMs },
  );
}

function lossOfDial(reason: DialFailure): Loss {
  switch (reason.kind) {
    case "unreachable":
      return { cause: "dial_failed", detail: reason.detail, verdict: { action: "resume" } };
    case "tokenRefused":
      return { cause: "dial_failed", verdict: { action: "stop", fault: { code: "token_refused" } } };
    case "identifyBudgetSpent":
      return {
        cause: "identify_budget_spent",
        verdict: { action: "resume" },
        retryAfterMs: reason.retryAfterMs,
      };
    default:
      return unreachable(reason);
  }
}

function onTimer(state: Living, timer: TimerName, timing: SessionTiming, input: SessionInput): Transition {
  const dead = (cause: Loss["cause"], code: number): Transition =>
    lose(state, { cause, verdict: { action: "resume" }, close: { code, how: "destroy" } }, timing, input);

  switch (timer) {
    case "reconnect":
      return state.name === "disconnected" ? dial(state, timing) : next(state);
    case "dial":
      return state.name === "connecting" ? dead("dial_timeout", OUR_CLOSE_CODE.Timeout) : next(state);
    case "hello":
      return state.name === "awaitingHello" ? dead("hello_timeout", OUR_CLOSE_CODE.Timeout) : next(state);
    case "ready":
      return state.name === "identifying" ? dead("ready_timeout", OUR_CLOSE_CODE.Timeout) : next(state);
    case "resumed":
      return state.name === "resuming" ? dead("resumed_timeout", OUR_CLOSE_CODE.Timeout) : next(state);
    case "heartbeat":
      if (!("heartbeat" in state)) return next(state);
      return regularBeat(state, input) ?? dead("zombie", OUR_CLOSE_CODE.Zombie);
    case "sendWindow":
      return state.name === "ready" ? sendWhatFits(state, input) : next(state);
    case "stable":
      if (state.name !== "ready") return next(state);
      return next(
        { ...state, failures: 0 },
        { type: "emit", event: { type: "stable", connection: state.connection } },
      );
    default:
      return unreachable(timer);
  }
}

/** The consumer may store slowly: what it stored counts for its session in whatever state that session is by now. */
function withStored(state: Living, sessionId: string, seq: number): SessionState {
  const session = sessionOf(state);
  if (session === null || session.id !== sessionId) return state;
  const storedSeq = Math.max(session.storedSeq, Math.min(seq, session.receivedSeq));
  const updated: Session = { ...session, storedSeq };
  if ("plan" in state && state.plan.kind === "resume") {
    return { ...state, plan: { ...state.plan, session: updated } };
  }
  return "session" in state ? { ...state, session: updated } : state;
}

function stop(state: Living, keepSession: boolean): Transition {
  const code = keepSession ? OUR_CLOSE_CODE.Resumable : OUR_CLOSE_CODE.Final;
  const closing: SessionEffect[] =
    state.name === "disconnected"
      ? []
      : [{ type: "closeSocket", connection: state.connection, code, how: "close" }];
  const session = keepSession ? sessionOf(state) : null;
  return next(
    { name: "stopped", session, fault: null },
    ...closing,
    { type: "cancelAllTimers" },
    {
      type: "emit",
      event: { type: "stopped", fault: null, code: null, detail: "", resumable: isResumable(session) },
    },
  );
}
