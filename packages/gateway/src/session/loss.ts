/**
 * The end of a connection, for whatever reason. Rules of this file:
 *   - it is the only place where a connection is given up and the next one planned;
 *   - leaving a connection cancels all its timers;
 *   - the ladder goes one rung at a time: resume at the resume URL, the same session at the ordinary URL, Identify.
 *     A session falls off it only when Discord refused it or left two Resumes unanswered: while nothing can be
 *     dialled at all, Identify would fare no better and cost budget;
 *   - a session of which nothing was stored has nothing to resume.
 */
import type { CloseVerdict } from "./close-policy.ts";
import { refused } from "./command.ts";
import type { LossCause, SessionEffect } from "./effect.ts";
import type { Stamp } from "./input.ts";
import { type Fault, type Plan, type Session, type SessionState, sessionOf } from "./state.ts";
import { backoffDelayMs, invalidSessionDelayMs, type SessionTiming } from "./timing.ts";
import type { Transition } from "./transition.ts";

export interface Loss {
  readonly cause: LossCause;
  readonly verdict: CloseVerdict;
  /** Discord's close code, where there was one. */
  readonly code?: number | null;
  readonly detail?: string;
  /** How to end our side; absent when the socket is already gone. */
  readonly close?: { readonly code: number; readonly how: "close" | "destroy" };
  /** For a spent identify budget: how long until there is some again. */
  readonly retryAfterMs?: number;
}

type Living = Exclude<SessionState, { name: "stopped" }>;

export function lose(state: Living, loss: Loss, timing: SessionTiming, stamp: Stamp): Transition {
  const closing: SessionEffect[] = loss.close
    ? [{ type: "closeSocket", connection: state.connection, ...loss.close }]
    : [];
  closing.push({ type: "cancelAllTimers" });
  if ("budget" in state) {
    closing.push(...state.budget.waiting.map(({ kind }) => refused(kind, "connection_lost")));
  }

  if (loss.verdict.action === "stop") return stop(state, closing, loss.verdict.fault, loss);

  const failures = loss.cause === "identify_budget_spent" ? state.failures : state.failures + 1;
  if (failures > timing.attemptsMax) return stop(state, closing, { code: "attempts_spent", failures }, loss);

  const { plan, dropped } = nextPlan(state, loss.verdict);
  const retryInMs = delayMs(state, loss, failures, timing, stamp.roll);
  const effects: SessionEffect[] = [...closing];
  if (dropped !== null) effects.push({ type: "emit", event: { type: "sessionDropped", reason: dropped } });
  effects.push(
    {
      type: "emit",
      event: {
        type: "connectionLost",
        connection: state.connection,
        during: state.name,
        cause: loss.cause,
        code: loss.code ?? null,
        detail: loss.detail ?? "",
        failures,
        retryInMs,
        next: plan.kind,
      },
    },
    { type: "startTimer", timer: "reconnect", afterMs: retryInMs },
  );
  return { state: { name: "disconnected", connection: state.connection, failures, plan }, effects };
}

function stop(state: Living, closing: readonly SessionEffect[], fault: Fault, loss: Loss): Transition {
  // Spent attempts say nothing against the session: the next process may resume it.
  const session = fault.code === "attempts_spent" ? sessionOf(state) : null;
  return {
    state: { name: "stopped", session, fault },
    effects: [
      ...closing,
      {
        type: "emit",
        event: {
          type: "stopped",
          fault,
          code: loss.code ?? null,
          detail: loss.detail ?? "",
          resumable: isResumable(session),
        },
      },
    ],
  };
}

/** A session of which nothing was stored has nothing to resume. */
export function isResumable(session: Session | null): boolean {
  return session !== null && session.storedSeq > 0;
}

interface NextPlan {
  readonly plan: Plan;
  /** Why the session was dropped, if it was. */
  readonly dropped: string | null;
}

const IDENTIFY: Plan = { kind: "identify" };

function nextPlan(state: Living, verdict: CloseVerdict): NextPlan {
  const session = sessionOf(state);
  if (session === null) return { plan: IDENTIFY, dropped: null };
  if (session.storedSeq === 0) return { plan: IDENTIFY, dropped: "nothing of the session was stored" };
  const resume = (route: "resumeUrl" | "mainUrl"): NextPlan => ({
    plan: { kind: "resume", session, route },
    dropped: null,
  });
  switch (state.name) {
    case "disconnected":
    case "connecting":
    case "awaitingHello":
      // Nothing about the session has been said yet, so whatever happened is not its fault.
      return resume("mainUrl");
    case "resuming":
      if (verdict.action === "identify") return { plan: IDENTIFY, dropped: verdict.reason };
      if (state.replayed > 0) return resume("resumeUrl");
      if (state.route === "resumeUrl") return resume("mainUrl");
      return { plan: IDENTIFY, dropped: "two Resumes were left unanswered" };
    case "ready":
      return verdict.action === "identify"
        ? { plan: IDENTIFY, dropped: verdict.reason }
        : resume("resumeUrl");
    case "awaitingIdentifyTurn":
    case "identifying":
      return { plan: IDENTIFY, dropped: null };
  }
}

function delayMs(state: Living, loss: Loss, failures: number, timing: SessionTiming, roll: number): number {
  switch (loss.cause) {
    case "identify_budget_spent":
      return Math.max(timing.budgetRecheckMs, loss.retryAfterMs ?? 0);
    case "reconnect_requested":
      // At once from a connection that was live; a Gateway that keeps asking is backed off from like any other.
      return state.name === "ready" && state.failures === 0 ? 0 : backoffDelayMs(timing, failures, roll);
    case "zombie":
      // The peer has been gone for a whole interval: the short end of the wait will do.
      return backoffDelayMs(timing, failures, 0);
    case "resumed_timeout":
      // The back-off spaces out dials, and the deadline that has passed since the last one counts towards it.
      return Math.max(
        backoffDelayMs(timing, 1, roll),
        backoffDelayMs(timing, failures, roll) - timing.resumedTimeoutMs,
      );
    case "session_invalidated":
      return Math.max(invalidSessionDelayMs(timing, roll), backoffDelayMs(timing, failures, roll));
    default:
      return backoffDelayMs(timing, failures, roll);
  }
}
