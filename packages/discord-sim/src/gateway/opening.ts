import { GatewayCloseCode, GatewayOpcode } from "@guildwire/discord-wire";
import { strike } from "../fault/faults.ts";
import { close } from "./ending.ts";
import type { GatewayEffect } from "./gateway-effect.ts";
import type { ConnectionQuery, GatewayInput } from "./gateway-input.ts";
import type { Connection, GatewayState } from "./gateway-state.ts";

/** A connection opens: its query string is checked, and Hello follows (or what a fault puts in its place). */

type Opened = Extract<GatewayInput, { type: "opened" }>;

export function opened(state: GatewayState, input: Opened): readonly GatewayEffect[] {
  const connection: Connection = {
    id: input.connection,
    door: input.door,
    resumeUrl: input.resumeUrl,
    phase: { kind: "silent", helloAtMs: undefined },
    frameTimesMs: [],
    beatDueAtMs: undefined,
    closeAtMs: undefined,
  };
  state.connections.set(connection.id, connection);
  state.stats.connectionsOpened += 1;
  const problem = queryProblem(input.query);
  if (problem !== undefined) {
    return close(state, connection, problem.code, input.atMs, problem.reason);
  }
  return greet(state, connection, input.atMs);
}

const TRANSPORT_COMPRESSIONS: readonly (string | null)[] = [null, "zlib-stream", "zstd-stream"];

const API_VERSION = "10";
/** Discord also offers `etf`, which the stand-in does not have. */
const ENCODINGS: readonly (string | null)[] = [null, "json"];

function queryProblem(
  query: ConnectionQuery,
): { readonly code: GatewayCloseCode; readonly reason: string } | undefined {
  if (query.v !== API_VERSION) {
    return { code: GatewayCloseCode.InvalidApiVersion, reason: "Invalid API version." };
  }
  if (!ENCODINGS.includes(query.encoding)) {
    return { code: GatewayCloseCode.DecodeError, reason: "Unknown encoding." };
  }
  if (!TRANSPORT_COMPRESSIONS.includes(query.compress)) {
    return { code: GatewayCloseCode.DecodeError, reason: "Unknown transport compression." };
  }
  return undefined;
}

function greet(state: GatewayState, connection: Connection, atMs: number): readonly GatewayEffect[] {
  const silence = strike(state.faults, "noHello");
  state.faults = silence.faults;
  if (silence.strikes) return [];
  const turnedAway = strike(state.faults, "op7InsteadOfHello");
  state.faults = turnedAway.faults;
  if (turnedAway.strikes) return askToReconnect(state, connection, atMs);
  const { helloDelayMs } = state.faults;
  if (helloDelayMs <= 0) return hello(state, connection, atMs);
  connection.phase = { kind: "silent", helloAtMs: atMs + helloDelayMs };
  return [];
}

/** Hello, from which on Heartbeats are due. A client may have been let in before it (when Hello is delayed). */
export function hello(state: GatewayState, connection: Connection, atMs: number): readonly GatewayEffect[] {
  if (connection.phase.kind === "silent") connection.phase = { kind: "greeted" };
  connection.beatDueAtMs = atMs + state.settings.heartbeatTimeoutMs;
  const frame = {
    op: GatewayOpcode.Hello,
    d: { heartbeat_interval: state.settings.heartbeatIntervalMs },
    s: null,
    t: null,
  };
  return [{ type: "send", connection: connection.id, frame }];
}

/** Op 7; whoever does not go by themselves is closed after the grace time. */
export function askToReconnect(
  state: GatewayState,
  connection: Connection,
  atMs: number,
): readonly GatewayEffect[] {
  connection.closeAtMs = atMs + state.settings.reconnectGraceMs;
  const frame = { op: GatewayOpcode.Reconnect, d: null, s: null, t: null };
  return [{ type: "send", connection: connection.id, frame }];
}
