import { GatewayCloseCode } from "@guildwire/discord-wire";
import { strike } from "../fault/faults.ts";
import { deliver, sendDispatch } from "./delivery.ts";
import { close, destroy, invalidate } from "./ending.ts";
import type { GatewayEffect } from "./gateway-effect.ts";
import { type Connection, type GatewayState, gatewayAccountOf, type Session } from "./gateway-state.ts";

/**
 * Resume (op 6): what the client missed, in order and with its old sequences, then RESUMED.
 *
 * A wrong token closes with 4004, a sequence beyond the last one with 4007. A session that is unknown, expired or was
 * ended with 1000/1001, and a sequence from before the replay buffer, get op 9 `false`. A session that is still on
 * another connection is taken away from it.
 */
export function resume(
  state: GatewayState,
  connection: Connection,
  d: unknown,
  atMs: number,
): readonly GatewayEffect[] {
  state.stats.resumes += 1;
  // After op 9 `true` a client may resume right here, wherever it is.
  const isElsewhere = connection.door === "gateway" && connection.phase.kind !== "invalidated";
  if (isElsewhere) state.stats.resumesOnMainUrl += 1;
  const request = readResume(d);
  if (request === undefined) return close(state, connection, GatewayCloseCode.UnknownOpcode, atMs);
  const account = gatewayAccountOf(state, request.token);
  if (account === undefined) {
    return close(state, connection, GatewayCloseCode.AuthenticationFailed, atMs);
  }
  const staged = stagedAnswer(state, connection, request.sessionId, atMs);
  if (staged !== undefined) return staged;

  const session = state.sessions.get(request.sessionId);
  const isOwn = session?.botId === account.botId;
  if (session === undefined || !isOwn || hasExpired(session, atMs)) return refuse(state, connection, atMs);
  if (request.sequence > session.sequence) {
    state.stats.resumesRefused += 1;
    state.sessions.delete(session.id);
    return close(state, connection, GatewayCloseCode.InvalidSequence, atMs);
  }
  if (request.sequence < session.forgottenUpTo) return refuse(state, connection, atMs);
  return [
    ...takeOver(state, session, atMs),
    ...replay(state, connection, session, request.sequence),
    ...deliver(state, session, { t: "RESUMED", d: {} }),
  ];
}

interface ResumeRequest {
  readonly token: string;
  readonly sessionId: string;
  readonly sequence: number;
}

function readResume(d: unknown): ResumeRequest | undefined {
  if (typeof d !== "object" || d === null) return undefined;
  const { token, session_id: sessionId, seq } = d as Record<string, unknown>;
  if (typeof token !== "string" || typeof sessionId !== "string") return undefined;
  return Number.isSafeInteger(seq) ? { token, sessionId, sequence: seq as number } : undefined;
}

/** The answers that faults ask for instead of the replay. */
function stagedAnswer(
  state: GatewayState,
  connection: Connection,
  sessionId: string,
  atMs: number,
): readonly GatewayEffect[] | undefined {
  const drop = strike(state.faults, "dropResume");
  state.faults = drop.faults;
  if (drop.strikes) return destroy(state, connection, atMs);
  const silence = strike(state.faults, "neverAnswerResume");
  state.faults = silence.faults;
  if (silence.strikes) return [];
  const refusal = strike(state.faults, "refuseResume");
  state.faults = refusal.faults;
  if (!refusal.strikes) return undefined;
  state.sessions.delete(sessionId);
  return refuse(state, connection, atMs);
}

function refuse(state: GatewayState, connection: Connection, atMs: number): readonly GatewayEffect[] {
  state.stats.resumesRefused += 1;
  return invalidate(state, connection, false, atMs);
}

function hasExpired(session: Session, atMs: number): boolean {
  return session.place.kind === "detached" && session.place.expiresAtMs <= atMs;
}

/** Ends the connection the session is still on, if any: the client has clearly given it up. */
function takeOver(state: GatewayState, session: Session, atMs: number): readonly GatewayEffect[] {
  if (session.place.kind === "detached") return [];
  const former = state.connections.get(session.place.connection);
  return former === undefined ? [] : close(state, former, GatewayCloseCode.UnknownError, atMs);
}

function replay(
  state: GatewayState,
  connection: Connection,
  session: Session,
  sequence: number,
): readonly GatewayEffect[] {
  session.place = { kind: "attached", connection: connection.id };
  connection.phase = { kind: "live", sessionId: session.id };
  const missed = session.replay.filter(({ s }) => s > sequence);
  state.stats.dispatchesReplayed += missed.length;
  return missed.map((sequenced) => sendDispatch(state, connection.id, sequenced));
}
