import {
  GatewayCloseCode,
  GatewayIntent,
  GatewayOpcode,
  isSnowflake,
  type Snowflake,
} from "@guildwire/discord-wire";
import type { APIGuildMember, GatewayPresenceUpdateDispatchData } from "discord-api-types/v10";
import type { Dispatch } from "../world/dispatch.ts";
import { wireChannelInfo } from "../world/wire.ts";
import { wireMember, wirePresence } from "../world/wire-people.ts";
import { displayName, type World } from "../world/world.ts";
import type { Worlds } from "../world/worlds.ts";
import { deliver } from "./delivery.ts";
import { close } from "./ending.ts";
import type { GatewayEffect } from "./gateway-effect.ts";
import type { Connection, GatewayState, Session } from "./gateway-state.ts";
import { idOf } from "./own-state.ts";
import { hasGuild } from "./visibility.ts";

/** What a live client may ask for: members (op 8), soundboards (op 31), the status of rooms (op 43). */

type Fields = Readonly<Record<string, unknown>>;

/** Answers CHANNEL_INFO. A guild the bot is not in is passed over. */
export function requestChannelInfo(
  state: GatewayState,
  connection: Connection,
  session: Session,
  d: unknown,
  worlds: Worlds,
  atMs: number,
): readonly GatewayEffect[] {
  const request = asFields(d);
  const fields = request?.["fields"];
  if (request === undefined || !isSnowflake(request["guild_id"]) || !Array.isArray(fields)) {
    return close(state, connection, GatewayCloseCode.UnknownOpcode, atMs);
  }
  const world = visibleGuild(worlds, session, request["guild_id"]);
  if (world === undefined) return [];
  return deliver(state, session, { t: "CHANNEL_INFO", d: wireChannelInfo(world, fields.map(String)) });
}

/** Answers SOUNDBOARD_SOUNDS; the server has no sounds. */
export function requestSoundboardSounds(
  state: GatewayState,
  connection: Connection,
  session: Session,
  d: unknown,
  worlds: Worlds,
  atMs: number,
): readonly GatewayEffect[] {
  const guildIds = asFields(d)?.["guild_ids"];
  if (!Array.isArray(guildIds)) return close(state, connection, GatewayCloseCode.UnknownOpcode, atMs);
  return guildIds
    .filter((guildId) => visibleGuild(worlds, session, guildId) !== undefined)
    .flatMap((guildId) =>
      deliver(state, session, {
        t: "SOUNDBOARD_SOUNDS",
        d: { guild_id: String(guildId), soundboard_sounds: [] },
      }),
    );
}

const MEMBERS_PER_CHUNK = 1000;
/** At most so many people for a search by name or by ids. */
const SEARCH_RESULTS_MAX = 100;
/** The whole list may be asked for once in this time (since 2025-10-01). */
const MEMBER_LIST_WINDOW_MS = 30_000;

/** Answers GUILD_MEMBERS_CHUNK once or more, or RATE_LIMITED when the whole list is asked for too often. */
export function requestGuildMembers(
  state: GatewayState,
  connection: Connection,
  session: Session,
  d: unknown,
  worlds: Worlds,
  atMs: number,
): readonly GatewayEffect[] {
  const request = asFields(d);
  if (request === undefined || !isSnowflake(request["guild_id"])) {
    return close(state, connection, GatewayCloseCode.UnknownOpcode, atMs);
  }
  const { query, user_ids: userIds, limit } = request;
  if (query === undefined && userIds === undefined) {
    return close(state, connection, GatewayCloseCode.UnknownOpcode, atMs);
  }
  const world = visibleGuild(worlds, session, request["guild_id"]);
  if (world === undefined) return [];
  const wholeList = query === "" && limit === 0;
  if (wholeList && (session.intents & GatewayIntent.GuildMembers) === 0) {
    return close(state, connection, GatewayCloseCode.DisallowedIntents, atMs);
  }
  if (wholeList && isTooSoon(session, atMs)) {
    return deliver(state, session, rateLimited(session, request, world, atMs));
  }
  if (wholeList) session.memberListAtMs = atMs;
  const found = userIds === undefined ? searchByName(world, request) : searchByIds(world, userIds);
  const withPresences =
    request["presences"] === true && (session.intents & GatewayIntent.GuildPresences) !== 0;
  return chunks(world, found, request, withPresences).flatMap((chunk) => deliver(state, session, chunk));
}

interface Found {
  readonly members: readonly APIGuildMember[];
  readonly notFound: readonly string[];
}

function searchByName(world: World, request: Fields): Found {
  const prefix = String(request["query"]).toLowerCase();
  const limit = typeof request["limit"] === "number" ? request["limit"] : SEARCH_RESULTS_MAX;
  const matching = [...world.members.values()].filter((member) =>
    [member.username, displayName(member)].some((name) => name.toLowerCase().startsWith(prefix)),
  );
  const wanted = prefix === "" && limit === 0 ? matching : matching.slice(0, clampSearch(limit));
  return { members: wanted.map(wireMember), notFound: [] };
}

function searchByIds(world: World, userIds: unknown): Found {
  const ids = (Array.isArray(userIds) ? userIds : [userIds]).slice(0, SEARCH_RESULTS_MAX);
  const known = ids.flatMap((id) => (isSnowflake(id) ? (world.members.get(id) ?? []) : []));
  const knownIds = new Set<unknown>(known.map((member) => member.id));
  return { members: known.map(wireMember), notFound: ids.filter((id) => !knownIds.has(id)).map(String) };
}

function clampSearch(limit: number): number {
  return limit <= 0 ? SEARCH_RESULTS_MAX : Math.min(limit, SEARCH_RESULTS_MAX);
}

function chunks(world: World, found: Found, request: Fields, withPresences: boolean): readonly Dispatch[] {
  const chunkCount = Math.max(1, Math.ceil(found.members.length / MEMBERS_PER_CHUNK));
  return Array.from({ length: chunkCount }, (_, index): Dispatch => {
    const members = found.members.slice(index * MEMBERS_PER_CHUNK, (index + 1) * MEMBERS_PER_CHUNK);
    return {
      t: "GUILD_MEMBERS_CHUNK",
      d: {
        guild_id: world.guild.id,
        members,
        chunk_index: index,
        chunk_count: chunkCount,
        ...(found.notFound.length > 0 ? { not_found: [...found.notFound] } : {}),
        ...(withPresences ? { presences: presencesOf(world, members) } : {}),
        ...nonceOf(request),
      },
    };
  });
}

function presencesOf(world: World, members: readonly APIGuildMember[]): GatewayPresenceUpdateDispatchData[] {
  return members.flatMap(({ user }) => {
    const presence = world.presences.get(user.id as Snowflake);
    return presence === undefined ? [] : [wirePresence(world, presence)];
  });
}

function isTooSoon(session: Session, atMs: number): boolean {
  return session.memberListAtMs !== undefined && atMs < session.memberListAtMs + MEMBER_LIST_WINDOW_MS;
}

function rateLimited(session: Session, request: Fields, world: World, atMs: number): Dispatch {
  const freeAtMs = (session.memberListAtMs ?? atMs) + MEMBER_LIST_WINDOW_MS;
  return {
    t: "RATE_LIMITED",
    d: {
      opcode: GatewayOpcode.RequestGuildMembers,
      retry_after: (freeAtMs - atMs) / 1000,
      meta: { guild_id: world.guild.id, ...nonceOf(request) },
    },
  };
}

function nonceOf(request: Fields): { readonly nonce?: string } {
  const { nonce } = request;
  return typeof nonce === "string" ? { nonce } : {};
}

/** A server is asked about on its own shard only. */
function visibleGuild(worlds: Worlds, session: Session, guildId: unknown): World | undefined {
  if (!isSnowflake(guildId) || !hasGuild(session, guildId)) return undefined;
  const world = worlds.worldOf(guildId);
  return world?.guild.standing === "available" ? world : undefined;
}

/** The fields of a request, with ids as text. */
function asFields(d: unknown): Fields | undefined {
  if (typeof d !== "object" || d === null || Array.isArray(d)) return undefined;
  const fields = d as Fields;
  return {
    ...fields,
    guild_id: idOf(fields["guild_id"]),
    ...(fields["user_ids"] === undefined ? {} : { user_ids: idsOf(fields["user_ids"]) }),
    ...(fields["guild_ids"] === undefined ? {} : { guild_ids: idsOf(fields["guild_ids"]) }),
  };
}

function idsOf(value: unknown): unknown {
  return Array.isArray(value) ? value.map(idOf) : idOf(value);
}
