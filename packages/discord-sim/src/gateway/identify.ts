import { ALL_INTENTS, GatewayCloseCode, GatewayIntent } from "@guildwire/discord-wire";
import type { GatewayReadyDispatchData } from "discord-api-types/v10";
import { strike } from "../fault/faults.ts";
import { wireOwnUser } from "../world/wire-people.ts";
import type { Worlds } from "../world/worlds.ts";
import { deliver } from "./delivery.ts";
import { close, invalidate } from "./ending.ts";
import type { GatewayEffect } from "./gateway-effect.ts";
import {
  type Account,
  type Connection,
  type GatewayState,
  gatewayAccountOf,
  type Session,
  spendIdentify,
} from "./gateway-state.ts";
import { guildsOf, loadGuilds } from "./guild-loading.ts";
import { type OwnPresence, readPresence, showPresence } from "./own-state.ts";

/**
 * Identify (op 2).
 *
 * In this order: what is wrong with it closes the connection (4001, 4004, 4010, 4011, 4013, 4014); one that comes too soon
 * after another gets op 9 `false`; one beyond the day's budget resets the token, as Discord does, and ends every
 * session. Then READY, and the servers (guild-loading.ts).
 */
export function identify(
  state: GatewayState,
  connection: Connection,
  d: unknown,
  allWorlds: Worlds,
  atMs: number,
): readonly GatewayEffect[] {
  state.stats.identifies += 1;
  if (connection.door === "resume") state.stats.identifiesOnResumeUrl += 1;
  const request = readIdentify(d);
  if (request === undefined) return close(state, connection, GatewayCloseCode.UnknownOpcode, atMs);
  const account = gatewayAccountOf(state, request.token);
  if (account === undefined) return close(state, connection, GatewayCloseCode.AuthenticationFailed, atMs);
  const worlds = allWorlds.seenBy(account.botId);
  const fault = faultOf(state, account, request, worlds);
  if (fault !== undefined) return close(state, connection, fault, atMs);
  const staged = stagedAnswer(state, connection, atMs);
  if (staged !== undefined) return staged;
  if (!takeTurn(state, account, request, atMs)) return refuse(state, connection, atMs);
  if (!spendIdentify(state.settings, account, atMs)) return revokeToken(state, account, atMs);
  return open(state, connection, account, request, worlds, atMs);
}

interface IdentifyRequest {
  readonly token: unknown;
  readonly intents: number;
  readonly compress: boolean;
  readonly largeThreshold: number;
  readonly shard: unknown;
  readonly presence: OwnPresence | undefined;
}

const LARGE_THRESHOLD_DEFAULT = 50;

/** `undefined` when a required field is missing or of the wrong type. */
function readIdentify(d: unknown): IdentifyRequest | undefined {
  if (typeof d !== "object" || d === null) return undefined;
  const { token, intents, properties, compress, large_threshold, shard, presence } = d as Record<
    string,
    unknown
  >;
  if (typeof token !== "string" || typeof properties !== "object" || properties === null) return undefined;
  if (!Number.isSafeInteger(intents)) return undefined;
  return {
    token,
    intents: intents as number,
    compress: compress === true,
    largeThreshold: typeof large_threshold === "number" ? large_threshold : LARGE_THRESHOLD_DEFAULT,
    shard,
    presence: readPresence(presence),
  };
}

function faultOf(
  state: GatewayState,
  account: Account,
  request: IdentifyRequest,
  worlds: Worlds,
): GatewayCloseCode | undefined {
  if (request.shard !== undefined && shardOf(request.shard) === undefined) {
    return GatewayCloseCode.InvalidShard;
  }
  if (guildsOf(shardOf(request.shard), worlds).length > state.settings.guildsPerShardMax) {
    return GatewayCloseCode.ShardingRequired;
  }
  if (request.intents < 0 || lacks(request.intents, ALL_INTENTS)) return GatewayCloseCode.InvalidIntents;
  if (lacks(request.intents, account.intentsAllowed)) return GatewayCloseCode.DisallowedIntents;
  return undefined;
}

/** Whether `bits` has one that is not among `allowed`. BigInt, because a wrong bit may be above the 32nd. */
function lacks(bits: number, allowed: number): boolean {
  return (BigInt(bits) & ~BigInt(allowed)) !== 0n;
}

function shardOf(shard: unknown): readonly [number, number] | undefined {
  if (!Array.isArray(shard) || shard.length !== 2) return undefined;
  const [id, count] = shard as readonly unknown[];
  if (!Number.isSafeInteger(id) || !Number.isSafeInteger(count)) return undefined;
  const pair = [id as number, count as number] as const;
  return pair[0] >= 0 && pair[1] >= 1 && pair[0] < pair[1] ? pair : undefined;
}

/** The answers that faults ask for instead of READY. */
function stagedAnswer(
  state: GatewayState,
  connection: Connection,
  atMs: number,
): readonly GatewayEffect[] | undefined {
  const { closeOnIdentify } = state.faults;
  if (closeOnIdentify !== null) return close(state, connection, closeOnIdentify, atMs);
  const silence = strike(state.faults, "neverAnswerIdentify");
  state.faults = silence.faults;
  if (silence.strikes) return [];
  const refusal = strike(state.faults, "refuseIdentify");
  state.faults = refusal.faults;
  return refusal.strikes ? refuse(state, connection, atMs) : undefined;
}

function refuse(state: GatewayState, connection: Connection, atMs: number): readonly GatewayEffect[] {
  state.stats.identifiesRefused += 1;
  return invalidate(state, connection, false, atMs);
}

/** One Identify per window and key, where the key is `shard_id % max_concurrency`. */
function takeTurn(state: GatewayState, account: Account, request: IdentifyRequest, atMs: number): boolean {
  const { maxConcurrency, identifyWindowMs } = state.settings;
  const key = (shardOf(request.shard)?.[0] ?? 0) % maxConcurrency;
  const recent = account.identifyTurns.filter((turn) => turn.atMs > atMs - identifyWindowMs);
  const free = recent.every((turn) => turn.key !== key);
  account.identifyTurns = free ? [...recent, { key, atMs }] : recent;
  return free;
}

function revokeToken(state: GatewayState, account: Account, atMs: number): readonly GatewayEffect[] {
  account.tokenRevoked = true;
  const isOwn = ({ phase }: Connection): boolean =>
    phase.kind !== "live" || state.sessions.get(phase.sessionId)?.botId === account.botId;
  const effects = [...state.connections.values()]
    .filter(isOwn)
    .flatMap((connection) => close(state, connection, GatewayCloseCode.AuthenticationFailed, atMs));
  for (const [id, { botId }] of state.sessions) if (botId === account.botId) state.sessions.delete(id);
  return effects;
}

function open(
  state: GatewayState,
  connection: Connection,
  account: Account,
  request: IdentifyRequest,
  worlds: Worlds,
  atMs: number,
): readonly GatewayEffect[] {
  state.sessionsMade += 1;
  const session: Session = {
    id: `${state.settings.lifeId}${state.sessionsMade.toString(16).padStart(8, "0")}`,
    botId: account.botId,
    intents: request.intents,
    largeThreshold: request.largeThreshold,
    shard: shardOf(request.shard),
    sequence: 0,
    replay: [],
    forgottenUpTo: 0,
    place: { kind: "attached", connection: connection.id },
    memberListAtMs: undefined,
    guildsPending: new Set(guildsOf(shardOf(request.shard), worlds)),
    guildsDueAtMs: undefined,
  };
  state.sessions.set(session.id, session);
  connection.phase = { kind: "live", sessionId: session.id };
  const ready = deliver(state, session, {
    t: "READY",
    d: {
      v: 10,
      user: wireOwnUser(worlds.botMember()),
      guilds: [...session.guildsPending].map((id) => ({ id, unavailable: true })),
      session_id: session.id,
      resume_gateway_url: connection.resumeUrl,
      ...(session.shard === undefined ? {} : { shard: [session.shard[0], session.shard[1]] }),
      application: applicationStub(account),
      ...NOTHING_FOR_BOTS,
    } as GatewayReadyDispatchData,
  });
  const compress: readonly GatewayEffect[] = request.compress
    ? [{ type: "compressPayloads", connection: connection.id }]
    : [];
  const { closeAfterReady } = state.faults;
  if (closeAfterReady === null) {
    const shown = request.presence === undefined ? [] : showPresence(connection, session, request.presence);
    return [...compress, ...ready, ...loadGuilds(state, session, worlds, atMs), ...shown];
  }
  // Its guilds are said all the same: whoever resumes the session hears of them.
  session.guildsDueAtMs = atMs;
  return [...compress, ...ready, ...close(state, connection, closeAfterReady, atMs)];
}

/** What READY holds for people. A bot gets it empty, and libraries that were made for people read it. */
const NOTHING_FOR_BOTS = {
  user_settings: {},
  relationships: [],
  private_channels: [],
  presences: [],
  guild_join_requests: [],
  geo_ordered_rtc_regions: [],
  session_type: "normal",
};

function applicationStub(account: Account): { id: string; flags: number; flags_new: string } {
  const flags = applicationFlags(account.intentsAllowed);
  return { id: account.botId, flags, flags_new: String(flags) };
}

/** Application flags that say which privileged intents are on, in their form for small bots. */
export function applicationFlags(intentsAllowed: number): number {
  const privileged: readonly (readonly [intent: number, flag: number])[] = [
    [GatewayIntent.GuildPresences, 1 << 13],
    [GatewayIntent.GuildMembers, 1 << 15],
    [GatewayIntent.MessageContent, 1 << 19],
  ];
  return privileged.reduce((flags, [intent, flag]) => flags | (intentsAllowed & intent ? flag : 0), 0);
}
