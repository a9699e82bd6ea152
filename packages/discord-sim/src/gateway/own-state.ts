import { GatewayCloseCode, isSnowflake } from "@guildwire/discord-wire";
import { PRESENCE_STATUSES, type PresenceStatus } from "../world/world.ts";
import { close } from "./ending.ts";
import type { GatewayEffect } from "./gateway-effect.ts";
import type { Connection, GatewayState, Session } from "./gateway-state.ts";
import { hasGuild } from "./visibility.ts";

/** What a bot says about itself: its presence (op 3, and in Identify) and its place in voice (op 4). */

type Fields = Readonly<Record<string, unknown>>;

export interface OwnPresence {
  readonly status: PresenceStatus;
  /** Name of the first activity. */
  readonly playing: string | null;
}

/** `undefined` for what is no presence. */
export function readPresence(d: unknown): OwnPresence | undefined {
  const fields = asFields(d);
  if (fields === undefined) return undefined;
  const { status, activities } = fields;
  const shown = status === "invisible" ? "offline" : (status ?? "online");
  const known = PRESENCE_STATUSES.find((candidate) => candidate === shown);
  if (known === undefined) return undefined;
  const first = Array.isArray(activities) ? asFields(activities[0]) : undefined;
  const { name, state } = first ?? {};
  // A custom status (type 4) has its text in `state`.
  const text = first?.["type"] === 4 ? state : name;
  return { status: known, playing: typeof text === "string" ? text : null };
}

export function updatePresence(
  state: GatewayState,
  connection: Connection,
  session: Session,
  d: unknown,
  atMs: number,
): readonly GatewayEffect[] {
  const presence = readPresence(d);
  if (presence === undefined) return close(state, connection, GatewayCloseCode.DecodeError, atMs);
  return showPresence(connection, session, presence);
}

export function showPresence(
  connection: Connection,
  session: Session,
  presence: OwnPresence,
): readonly GatewayEffect[] {
  const { botId, shard } = session;
  return [{ type: "showPresence", connection: connection.id, botId, shard, ...presence }];
}

/** A server that is not the session's own is passed over, as Discord does. */
export function updateVoiceState(
  state: GatewayState,
  connection: Connection,
  session: Session,
  d: unknown,
  atMs: number,
): readonly GatewayEffect[] {
  const fields = asFields(d) ?? {};
  const guildId = idOf(fields["guild_id"]);
  const channelId = fields["channel_id"] === null ? null : idOf(fields["channel_id"]);
  if (!isSnowflake(guildId) || (channelId !== null && !isSnowflake(channelId))) {
    return close(state, connection, GatewayCloseCode.DecodeError, atMs);
  }
  if (!hasGuild(session, guildId)) return [];
  const selfMute = fields["self_mute"] === true;
  const selfDeaf = fields["self_deaf"] === true;
  const request = { channelId, selfMute, selfDeaf, sessionId: session.id };
  return [{ type: "connectVoice", connection: connection.id, botId: session.botId, guildId, request }];
}

/** An id as text, which some clients send as a number. */
export function idOf(value: unknown): unknown {
  return typeof value === "number" && Number.isSafeInteger(value) ? String(value) : value;
}

function asFields(d: unknown): Fields | undefined {
  return typeof d === "object" && d !== null && !Array.isArray(d) ? (d as Fields) : undefined;
}
