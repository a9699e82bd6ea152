/** Frames the application asks for: they go out in order, as the send budget allows, while the session is ready. */
import type { SessionEffect, SessionEvent } from "./effect.ts";
import type { CommandPayload, Stamp } from "./input.ts";
import { enqueue, release } from "./send-budget.ts";
import type { SessionState } from "./state.ts";
import { next, type Transition } from "./transition.ts";

type Ready = Extract<SessionState, { name: "ready" }>;
type RefusalReason = Extract<SessionEvent, { type: "commandRefused" }>["reason"];

export function command(state: Ready, payload: CommandPayload, stamp: Stamp): Transition {
  const admission = enqueue(state.budget, payload);
  if (admission.verdict === "queueFull") return next(state, refused(payload.kind, "too_many_waiting"));
  return sendWhatFits({ ...state, budget: admission.budget }, stamp);
}

export function sendWhatFits(state: Ready, stamp: Stamp): Transition {
  const { budget, payloads, againInMs } = release(state.budget, state.heartbeat.intervalMs, stamp.atMs);
  const effects: SessionEffect[] = payloads.map((payload) => ({ type: "send", payload }));
  if (againInMs !== null) effects.push({ type: "startTimer", timer: "sendWindow", afterMs: againInMs });
  return next({ ...state, budget }, ...effects);
}

/** Nothing is dropped in silence: whoever asked hears that it was not sent. */
export function refused(kind: CommandPayload["kind"], reason: RefusalReason): SessionEffect {
  return { type: "emit", event: { type: "commandRefused", kind, reason } };
}
