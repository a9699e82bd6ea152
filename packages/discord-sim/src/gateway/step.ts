import { decodeFrame, GatewayCloseCode, GatewayOpcode } from "@guildwire/discord-wire";
import { withExactNumbers } from "../exact-json.ts";
import { strike } from "../fault/faults.ts";
import type { Worlds } from "../world/worlds.ts";
import { perform } from "./act-performance.ts";
import { passTime } from "./deadline.ts";
import { broadcast } from "./delivery.ts";
import { clientClosed, close } from "./ending.ts";
import type { GatewayEffect } from "./gateway-effect.ts";
import type { GatewayInput } from "./gateway-input.ts";
import type { Connection, GatewayState } from "./gateway-state.ts";
import { identify } from "./identify.ts";
import { opened } from "./opening.ts";
import { updatePresence, updateVoiceState } from "./own-state.ts";
import { requestChannelInfo, requestGuildMembers, requestSoundboardSounds } from "./request.ts";
import { resume } from "./resume.ts";

/**
 * The Gateway's side of the protocol: one input, its effects in order. No socket, clock, timer or random number is
 * touched here; the world is only read. `state` changes in place (see gateway-state.ts).
 *
 *   opened → Hello → Identify → READY, GUILD_CREATE, events …
 *                  ↘ Resume → what was missed, RESUMED, events …
 *
 * An input about a connection that is not known (any more) has no effect: what a client sends after it was closed is
 * not read.
 */
export function step(state: GatewayState, input: GatewayInput, worlds: Worlds): readonly GatewayEffect[] {
  switch (input.type) {
    case "opened":
      return opened(state, input);
    case "received": {
      const connection = state.connections.get(input.connection);
      return connection === undefined ? [] : received(state, connection, input, worlds);
    }
    case "closed": {
      const connection = state.connections.get(input.connection);
      if (connection !== undefined) clientClosed(state, connection, input.code, input.atMs);
      return [];
    }
    case "said":
      return broadcast(state, input.dispatches, input);
    case "acted":
      return perform(state, input.act, input.target, input.atMs);
    case "timePassed":
      return passTime(state, input.atMs, worlds);
  }
}

type Received = Extract<GatewayInput, { type: "received" }>;

/** Bytes of one frame a client may send. */
const FRAME_BYTES_MAX = 4096;
/** Frames a client may send in a minute, Heartbeats included. */
const FRAMES_PER_MINUTE_MAX = 120;
const MINUTE_MS = 60_000;

function received(
  state: GatewayState,
  connection: Connection,
  input: Received,
  worlds: Worlds,
): readonly GatewayEffect[] {
  const { atMs } = input;
  state.stats.framesReceived += 1;
  if (connection.phase.kind === "silent") state.stats.framesBeforeHello += 1;
  connection.frameTimesMs = [...connection.frameTimesMs.filter((time) => time > atMs - MINUTE_MS), atMs];
  if (connection.frameTimesMs.length > FRAMES_PER_MINUTE_MAX) {
    return close(state, connection, GatewayCloseCode.RateLimited, atMs);
  }
  if (input.sizeBytes > FRAME_BYTES_MAX) {
    return close(state, connection, GatewayCloseCode.DecodeError, atMs);
  }
  const frame = decodeFrame(withExactNumbers(input.text));
  if (!frame.ok) return close(state, connection, GatewayCloseCode.DecodeError, atMs);
  const { op, d } = frame.value;
  if (op === GatewayOpcode.Heartbeat) return heartbeat(state, connection, atMs);
  return connection.phase.kind === "live"
    ? whileLive(state, connection, op, d, worlds, atMs)
    : beforeLive(state, connection, op, d, worlds, atMs);
}

/** Anything but Heartbeat, Identify and Resume is refused until one of the latter has succeeded. */
function beforeLive(
  state: GatewayState,
  connection: Connection,
  op: number,
  d: unknown,
  worlds: Worlds,
  atMs: number,
): readonly GatewayEffect[] {
  switch (op) {
    case GatewayOpcode.Identify:
      return identify(state, connection, d, worlds, atMs);
    case GatewayOpcode.Resume:
      return resume(state, connection, d, atMs);
    default:
      return close(state, connection, GatewayCloseCode.NotAuthenticated, atMs);
  }
}

function whileLive(
  state: GatewayState,
  connection: Connection,
  op: number,
  d: unknown,
  allWorlds: Worlds,
  atMs: number,
): readonly GatewayEffect[] {
  const session =
    connection.phase.kind === "live" ? state.sessions.get(connection.phase.sessionId) : undefined;
  if (session === undefined) return close(state, connection, GatewayCloseCode.NotAuthenticated, atMs);
  const worlds = allWorlds.seenBy(session.botId);
  switch (op) {
    case GatewayOpcode.Identify:
    case GatewayOpcode.Resume:
      return close(state, connection, GatewayCloseCode.AlreadyAuthenticated, atMs);
    case GatewayOpcode.RequestGuildMembers:
      return requestGuildMembers(state, connection, session, d, worlds, atMs);
    case GatewayOpcode.RequestSoundboardSounds:
      return requestSoundboardSounds(state, connection, session, d, worlds, atMs);
    case GatewayOpcode.RequestChannelInfo:
      return requestChannelInfo(state, connection, session, d, worlds, atMs);
    case GatewayOpcode.PresenceUpdate:
      return updatePresence(state, connection, session, d, atMs);
    case GatewayOpcode.VoiceStateUpdate:
      return updateVoiceState(state, connection, session, d, atMs);
    default:
      return close(state, connection, GatewayCloseCode.UnknownOpcode, atMs);
  }
}

function heartbeat(state: GatewayState, connection: Connection, atMs: number): readonly GatewayEffect[] {
  state.stats.heartbeats += 1;
  if (connection.beatDueAtMs !== undefined) {
    connection.beatDueAtMs = atMs + state.settings.heartbeatTimeoutMs;
  }
  const { strikes, faults } = strike(state.faults, "withholdAck");
  state.faults = faults;
  if (strikes) return [];
  const frame = { op: GatewayOpcode.HeartbeatAck, d: null, s: null, t: null };
  return [{ type: "send", connection: connection.id, frame }];
}
