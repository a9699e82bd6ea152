import { GatewayCloseCode, GatewayOpcode, WebSocketCloseCode } from "@guildwire/discord-wire";
import type { GatewayEffect } from "./gateway-effect.ts";
import type { Connection, GatewayState } from "./gateway-state.ts";
import { countCode } from "./stats.ts";

/** How connections end and what that means for their session. */

/**
 * Codes after which a session cannot be resumed, whoever sent them. 1000 and 1001 say goodbye; the others mean that
 * the session was never right or has timed out. After any other code, and after a drop, it is kept for a while.
 */
const CODES_ENDING_SESSION: ReadonlySet<number> = new Set([
  WebSocketCloseCode.Normal,
  WebSocketCloseCode.GoingAway,
  GatewayCloseCode.NotAuthenticated,
  GatewayCloseCode.AuthenticationFailed,
  GatewayCloseCode.AlreadyAuthenticated,
  GatewayCloseCode.InvalidSequence,
  GatewayCloseCode.SessionTimedOut,
  GatewayCloseCode.InvalidShard,
  GatewayCloseCode.ShardingRequired,
  GatewayCloseCode.InvalidApiVersion,
  GatewayCloseCode.InvalidIntents,
  GatewayCloseCode.DisallowedIntents,
]);

const REASONS: Readonly<Record<number, string>> = {
  [GatewayCloseCode.UnknownError]: "Unknown error.",
  [GatewayCloseCode.UnknownOpcode]: "Unknown opcode.",
  [GatewayCloseCode.DecodeError]: "Error while decoding payload.",
  [GatewayCloseCode.NotAuthenticated]: "Not authenticated.",
  [GatewayCloseCode.AuthenticationFailed]: "Authentication failed.",
  [GatewayCloseCode.AlreadyAuthenticated]: "Already authenticated.",
  [GatewayCloseCode.InvalidSequence]: "Invalid seq.",
  [GatewayCloseCode.RateLimited]: "Rate limited.",
  [GatewayCloseCode.SessionTimedOut]: "Session timed out.",
  [GatewayCloseCode.InvalidShard]: "Invalid shard.",
  [GatewayCloseCode.ShardingRequired]: "Sharding required.",
  [GatewayCloseCode.InvalidApiVersion]: "Invalid API version.",
  [GatewayCloseCode.InvalidIntents]: "Invalid intent(s).",
  [GatewayCloseCode.DisallowedIntents]: "Disallowed intent(s).",
};

/** The Gateway closes. From here on nothing of this connection is listened to. */
export function close(
  state: GatewayState,
  connection: Connection,
  code: number,
  atMs: number,
  reason: string = REASONS[code] ?? "",
): readonly GatewayEffect[] {
  countCode(state.stats.closes, code);
  forget(state, connection, code, atMs);
  return [{ type: "close", connection: connection.id, code, reason }];
}

/** The Gateway drops the connection without a word. */
export function destroy(state: GatewayState, connection: Connection, atMs: number): readonly GatewayEffect[] {
  forget(state, connection, WebSocketCloseCode.Abnormal, atMs);
  return [{ type: "destroy", connection: connection.id }];
}

/**
 * The connection goes deaf and dumb, as when something between the two has died. The session is kept as after a drop.
 */
export function freeze(state: GatewayState, connection: Connection, atMs: number): readonly GatewayEffect[] {
  forget(state, connection, WebSocketCloseCode.Abnormal, atMs);
  return [{ type: "freeze", connection: connection.id }];
}

/** The client closed, or was lost. */
export function clientClosed(state: GatewayState, connection: Connection, code: number, atMs: number): void {
  countCode(state.stats.clientCloses, code);
  forget(state, connection, code, atMs);
}

/** Op 9. With `resumable: false` the session is gone; either way the connection is not live any more. */
export function invalidate(
  state: GatewayState,
  connection: Connection,
  resumable: boolean,
  atMs: number,
): readonly GatewayEffect[] {
  if (connection.phase.kind === "live") {
    if (resumable) detach(state, connection.phase.sessionId, atMs);
    else state.sessions.delete(connection.phase.sessionId);
    connection.phase = { kind: "invalidated" };
  }
  const frame = { op: GatewayOpcode.InvalidSession, d: resumable, s: null, t: null };
  return [{ type: "send", connection: connection.id, frame }];
}

function forget(state: GatewayState, connection: Connection, code: number, atMs: number): void {
  state.connections.delete(connection.id);
  if (connection.phase.kind !== "live") return;
  if (CODES_ENDING_SESSION.has(code)) state.sessions.delete(connection.phase.sessionId);
  else detach(state, connection.phase.sessionId, atMs);
}

function detach(state: GatewayState, sessionId: string, atMs: number): void {
  const session = state.sessions.get(sessionId);
  if (session === undefined) return;
  session.place = { kind: "detached", expiresAtMs: atMs + state.settings.sessionLifetimeMs };
}
