/**
 * Heartbeats. The first goes out after a random part of the interval, so that clients that reconnect together do not
 * beat together; each later one an interval after the last. A beat that is due while the previous one has no
 * acknowledgement means the connection is dead ("zombie").
 * Source: https://discord.com/developers/docs/events/gateway#sending-heartbeats
 */
import type { SessionEffect } from "./effect.ts";
import type { Stamp } from "./input.ts";
import { type Heartbeat, type SessionState, sessionOf } from "./state.ts";

export function beginHeartbeat(
  intervalMs: number,
  roll: number,
): { readonly heartbeat: Heartbeat; readonly effects: readonly SessionEffect[] } {
  return {
    heartbeat: { intervalMs, sentAtMs: null, acknowledged: true },
    effects: [{ type: "startTimer", timer: "heartbeat", afterMs: Math.round(intervalMs * roll) }],
  };
}

/** The regular beat: `null` when the previous one was never acknowledged. */
export function regularBeat(
  state: Extract<SessionState, { heartbeat: Heartbeat }>,
  stamp: Stamp,
): { readonly heartbeat: Heartbeat; readonly effects: readonly SessionEffect[] } | null {
  const { heartbeat } = state;
  if (!heartbeat.acknowledged) return null;
  return {
    heartbeat: { ...heartbeat, sentAtMs: stamp.atMs, acknowledged: false },
    effects: [beat(state), { type: "startTimer", timer: "heartbeat", afterMs: heartbeat.intervalMs }],
  };
}

/** A beat claims what is stored, never what was merely received: Discord may forget what a beat has claimed. */
export function beat(state: SessionState): SessionEffect {
  const stored = sessionOf(state)?.storedSeq ?? 0;
  return { type: "send", payload: { kind: "heartbeat", seq: stored === 0 ? null : stored } };
}

export function acknowledge(
  heartbeat: Heartbeat,
  stamp: Stamp,
): { readonly heartbeat: Heartbeat; readonly effects: readonly SessionEffect[] } {
  if (heartbeat.acknowledged || heartbeat.sentAtMs === null) return { heartbeat, effects: [] };
  const latencyMs = Math.max(0, Math.round(stamp.atMs - heartbeat.sentAtMs));
  return {
    heartbeat: { ...heartbeat, acknowledged: true },
    effects: [{ type: "emit", event: { type: "heartbeatAcknowledged", latencyMs } }],
  };
}
