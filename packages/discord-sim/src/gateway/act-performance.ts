import { GatewayOpcode } from "@guildwire/discord-wire";
import type { Act, ActTarget } from "../fault/act.ts";
import { sendDispatch } from "./delivery.ts";
import { close, destroy, freeze, invalidate } from "./ending.ts";
import type { GatewayEffect } from "./gateway-effect.ts";
import type { Connection, GatewayState } from "./gateway-state.ts";
import { askToReconnect } from "./opening.ts";

/** Does an act to every connection there is, or to those the target means. */
export function perform(
  state: GatewayState,
  act: Act,
  target: ActTarget,
  atMs: number,
): readonly GatewayEffect[] {
  return [...state.connections.values()]
    .filter((connection) => isMeant(state, connection, target))
    .flatMap((connection) => performOn(state, connection, act, atMs));
}

function isMeant(state: GatewayState, connection: Connection, target: ActTarget): boolean {
  const { sessionId, shard } = target;
  if (sessionId === undefined && shard === undefined) return true;
  if (connection.phase.kind !== "live") return false;
  const session = state.sessions.get(connection.phase.sessionId);
  if (session === undefined || (sessionId !== undefined && session.id !== sessionId)) return false;
  return shard === undefined || (session.shard?.[0] ?? 0) === shard;
}

function performOn(
  state: GatewayState,
  connection: Connection,
  act: Act,
  atMs: number,
): readonly GatewayEffect[] {
  switch (act.type) {
    case "reconnect":
      return askToReconnect(state, connection, atMs);
    case "drop":
      return destroy(state, connection, atMs);
    case "close":
      return close(state, connection, act.code, atMs);
    case "requestHeartbeat": {
      const frame = { op: GatewayOpcode.Heartbeat, d: null, s: null, t: null };
      return [{ type: "send", connection: connection.id, frame }];
    }
    case "invalidateSession":
      return invalidate(state, connection, act.resumable, atMs);
    case "halfOpen":
      return freeze(state, connection, atMs);
    case "duplicateDispatch":
      return repeatLast(state, connection);
  }
}

function repeatLast(state: GatewayState, connection: Connection): readonly GatewayEffect[] {
  if (connection.phase.kind !== "live") return [];
  const last = state.sessions.get(connection.phase.sessionId)?.replay.at(-1);
  return last === undefined ? [] : [sendDispatch(state, connection.id, last)];
}
