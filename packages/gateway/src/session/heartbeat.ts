/**
 * Heartbeats. The first goes out after a random part of the interval, so that clients that reconnect together do not
 * beat together; each later one an interval after the last. A beat that is due while the previous one has no
 * acknowledgement means the connection is dead ("zombie").
 * Source: https://discord.com/developers/docs/events/gateway#sending-heartbeats
 */
import type { SessionEffect } from "./effect.ts";
import type { Stamp } from "./input.ts";
import { FRESH_BUDGET, hasRoomForExtraBeat, recordSend } from "./send-budget.ts";
import { type Link, type SessionState, sessionOf } from "./state.ts";
import { next, type Transition } from "./transition.ts";

export function beginHeartbeat(
  connection: number,
  intervalMs: number,
  roll: number,
): { readonly link: Link; readonly effects: readonly SessionEffect[] } {
  return {
    link: { heartbeat: { intervalMs, sentAtMs: null, acknowledged: true }, budget: FRESH_BUDGET },
    effects: [
      { type: "startTimer", timer: "heartbeat", afterMs: Math.round(intervalMs * roll) },
      { type: "emit", event: { type: "heartbeatStarted", connection, intervalMs } },
    ],
  };
}

type Linked = Extract<SessionState, Link>;

/** The regular beat: `null` when the previous one was never acknowledged. */
export function regularBeat(state: Linked, stamp: Stamp): Transition | null {
  const { heartbeat } = state;
  if (!heartbeat.acknowledged) return null;
  return next(
    {
      ...state,
      heartbeat: { ...heartbeat, sentAtMs: stamp.atMs, acknowledged: false },
      budget: recordSend(state.budget, stamp.atMs),
    },
    beat(state),
    { type: "startTimer", timer: "heartbeat", afterMs: heartbeat.intervalMs },
  );
}

/**
 * A beat the server asks for: at once, disturbing neither the schedule nor the acknowledgement that is awaited. Only a
 * server that asks more than a hundred times a minute is left without an answer.
 */
export function requestedBeat(state: Linked, stamp: Stamp): Transition {
  if (!hasRoomForExtraBeat(state.budget, state.heartbeat.intervalMs, stamp.atMs)) return next(state);
  return next({ ...state, budget: recordSend(state.budget, stamp.atMs) }, beat(state));
}

/** A beat claims what is stored, never what was merely received: Discord may forget what a beat has claimed. */
function beat(state: SessionState): SessionEffect {
  const stored = sessionOf(state)?.storedSeq ?? 0;
  return { type: "send", payload: { kind: "heartbeat", seq: stored === 0 ? null : stored } };
}

export function acknowledged(state: Linked, stamp: Stamp): Transition {
  const { heartbeat } = state;
  if (heartbeat.acknowledged || heartbeat.sentAtMs === null) return next(state);
  const latencyMs = Math.max(0, Math.round(stamp.atMs - heartbeat.sentAtMs));
  return next(
    { ...state, heartbeat: { ...heartbeat, acknowledged: true } },
    { type: "emit", event: { type: "heartbeatAcknowledged", latencyMs } },
  );
}
