import { GatewayCloseCode } from "@guildwire/discord-wire";
import type { Worlds } from "../world/worlds.ts";
import { close } from "./ending.ts";
import type { GatewayEffect } from "./gateway-effect.ts";
import type { Connection, GatewayState } from "./gateway-state.ts";
import { loadGuilds } from "./guild-loading.ts";
import { hello } from "./opening.ts";

/** What happens by the passing of time: a delayed Hello, servers that load late, 4009, the close after op 7, the end of old sessions. */

/** When `timePassed` is next worth sending, `undefined` when nothing is waiting. */
export function nextDeadlineMs(state: GatewayState): number | undefined {
  let earliest: number | undefined;
  const consider = (atMs: number | undefined): void => {
    if (atMs !== undefined && (earliest === undefined || atMs < earliest)) earliest = atMs;
  };
  for (const connection of state.connections.values()) {
    consider(helloAtMs(connection));
    consider(connection.beatDueAtMs);
    consider(connection.closeAtMs);
  }
  for (const session of state.sessions.values()) {
    consider(session.guildsDueAtMs);
    if (session.place.kind === "detached") consider(session.place.expiresAtMs);
  }
  return earliest;
}

export function passTime(state: GatewayState, atMs: number, worlds: Worlds): readonly GatewayEffect[] {
  const effects = [...state.connections.values()].flatMap((connection) => due(state, connection, atMs));
  for (const session of state.sessions.values()) {
    if (session.place.kind === "detached" && session.place.expiresAtMs <= atMs) {
      state.sessions.delete(session.id);
    }
  }
  const loaded = [...state.sessions.values()].flatMap((session) =>
    hasCome(session.guildsDueAtMs, atMs)
      ? loadGuilds(state, session, worlds.seenBy(session.botId), atMs)
      : [],
  );
  return [...effects, ...loaded];
}

function due(state: GatewayState, connection: Connection, atMs: number): readonly GatewayEffect[] {
  if (hasCome(connection.closeAtMs, atMs)) {
    return close(state, connection, GatewayCloseCode.UnknownError, atMs);
  }
  if (hasCome(connection.beatDueAtMs, atMs)) {
    return close(state, connection, GatewayCloseCode.SessionTimedOut, atMs);
  }
  return hasCome(helloAtMs(connection), atMs) ? hello(state, connection, atMs) : [];
}

function helloAtMs(connection: Connection): number | undefined {
  return connection.phase.kind === "silent" ? connection.phase.helloAtMs : undefined;
}

function hasCome(moment: number | undefined, atMs: number): boolean {
  return moment !== undefined && moment <= atMs;
}
