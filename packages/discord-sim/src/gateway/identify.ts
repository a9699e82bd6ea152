import { ALL_INTENTS, GatewayCloseCode, GatewayIntent } from "@guildwire/discord-wire";
import { strike } from "../fault/faults.ts";
import { wireApplication } from "../world/wire.ts";
import { wireUser } from "../world/wire-people.ts";
import type { Member } from "../world/world.ts";
import type { Worlds } from "../world/worlds.ts";
import { deliver } from "./delivery.ts";
import { close, invalidate } from "./ending.ts";
import type { GatewayEffect } from "./gateway-effect.ts";
import {
  type Connection,
  type GatewayState,
  isGatewayToken,
  type Session,
  spendIdentify,
} from "./gateway-state.ts";
import { guildsOf, loadGuilds } from "./guild-loading.ts";

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
  worlds: Worlds,
  atMs: number,
): readonly GatewayEffect[] {
  state.stats.identifies += 1;
  if (connection.door === "resume") state.stats.identifiesOnResumeUrl += 1;
  const request = readIdentify(d);
  const fault = request === undefined ? GatewayCloseCode.UnknownOpcode : faultOf(state, request, worlds);
  if (request === undefined || fault !== undefined) {
    return close(state, connection, fault ?? GatewayCloseCode.UnknownOpcode, atMs);
  }
  const staged = stagedAnswer(state, connection, atMs);
  if (staged !== undefined) return staged;
  if (!takeTurn(state, request, atMs)) return refuse(state, connection, atMs);
  if (!spendIdentify(state, atMs)) return revokeToken(state, atMs);
  return open(state, connection, request, worlds, atMs);
}

interface IdentifyRequest {
  readonly token: unknown;
  readonly intents: number;
  readonly compress: boolean;
  readonly largeThreshold: number;
  readonly shard: unknown;
}

const LARGE_THRESHOLD_DEFAULT = 50;

/** `undefined` when a required field is missing or of the wrong type. */
function readIdentify(d: unknown): IdentifyRequest | undefined {
  if (typeof d !== "object" || d === null) return undefined;
  const { token, intents, properties, compress, large_threshold, shard } = d as Record<string, unknown>;
  if (typeof token !== "string" || typeof properties !== "object" || properties === null) return undefined;
  if (!Number.isSafeInteger(intents)) return undefined;
  return {
    token,
    intents: intents as number,
    compress: compress === true,
    largeThreshold: typeof large_threshold === "number" ? large_threshold : LARGE_THRESHOLD_DEFAULT,
    shard,
  };
}

function faultOf(
  state: GatewayState,
  request: IdentifyRequest,
  worlds: Worlds,
): GatewayCloseCode | undefined {
  if (!isGatewayToken(state, request.token)) return GatewayCloseCode.AuthenticationFailed;
  if (request.shard !== undefined && shardOf(request.shard) === undefined) {
    return GatewayCloseCode.InvalidShard;
  }
  if (guildsOf(shardOf(request.shard), worlds).length > state.settings.guildsPerShardMax) {
    return GatewayCloseCode.ShardingRequired;
  }
  if (request.intents < 0 || lacks(request.intents, ALL_INTENTS)) return GatewayCloseCode.InvalidIntents;
  if (lacks(request.intents, state.settings.intentsAllowed)) return GatewayCloseCode.DisallowedIntents;
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
function takeTurn(state: GatewayState, request: IdentifyRequest, atMs: number): boolean {
  const { maxConcurrency, identifyWindowMs } = state.settings;
  const key = (shardOf(request.shard)?.[0] ?? 0) % maxConcurrency;
  const recent = state.identifyTurns.filter((turn) => turn.atMs > atMs - identifyWindowMs);
  const free = recent.every((turn) => turn.key !== key);
  state.identifyTurns = free ? [...recent, { key, atMs }] : recent;
  return free;
}

function revokeToken(state: GatewayState, atMs: number): readonly GatewayEffect[] {
  state.tokenRevoked = true;
  const effects = [...state.connections.values()].flatMap((connection) =>
    close(state, connection, GatewayCloseCode.AuthenticationFailed, atMs),
  );
  state.sessions.clear();
  return effects;
}

function open(
  state: GatewayState,
  connection: Connection,
  request: IdentifyRequest,
  worlds: Worlds,
  atMs: number,
): readonly GatewayEffect[] {
  state.sessionsMade += 1;
  const session: Session = {
    id: `${state.settings.lifeId}${state.sessionsMade.toString(16).padStart(8, "0")}`,
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
      user: wireUser(botMember(worlds)),
      guilds: [...session.guildsPending].map((id) => ({ id, unavailable: true })),
      session_id: session.id,
      resume_gateway_url: connection.resumeUrl,
      ...(session.shard === undefined ? {} : { shard: [session.shard[0], session.shard[1]] }),
      application: applicationStub(state, worlds),
    },
  });
  const compress: readonly GatewayEffect[] = request.compress
    ? [{ type: "compressPayloads", connection: connection.id }]
    : [];
  const { closeAfterReady } = state.faults;
  if (closeAfterReady === null) return [...compress, ...ready, ...loadGuilds(state, session, worlds, atMs)];
  // Its guilds are said all the same: whoever resumes the session hears of them.
  session.guildsDueAtMs = atMs;
  return [...compress, ...ready, ...close(state, connection, closeAfterReady, atMs)];
}

/** The bot's member; it leaves the world with nobody (`removeMember` refuses it), so this never invents one. */
function botMember(worlds: Worlds): Member {
  const member = worlds.watched.members.get(worlds.bot.id);
  if (member === undefined) throw new Error("a world without its bot");
  return member;
}

function applicationStub(
  state: GatewayState,
  worlds: Worlds,
): { id: string; flags: number; flags_new: string } {
  const { id, flags, flags_new } = wireApplication(
    worlds.bot,
    applicationFlags(state.settings.intentsAllowed),
  );
  return { id, flags, flags_new };
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
