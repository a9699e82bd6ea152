import type { Snowflake } from "@guildwire/discord-wire";
import type { Faults } from "../fault/faults.ts";
import type { Dispatch } from "../world/dispatch.ts";
import { type GatewayStats, newStats } from "./stats.ts";

/**
 * What the Gateway core remembers. Unlike the world it changes in place, by `step` alone: a replay buffer is long and
 * grows with every event, and copying it each time would cost more than everything else together.
 */
export interface GatewayState {
  readonly settings: GatewaySettings;
  faults: Faults;
  readonly connections: Map<number, Connection>;
  readonly sessions: Map<string, Session>;
  sessionsMade: number;
  /** By bot id, the first bot first. */
  readonly accounts: Map<Snowflake, Account>;
  readonly stats: GatewayStats;
}

/** What the Gateway knows of one bot. */
export interface Account {
  readonly botId: Snowflake;
  readonly token: string;
  /** Intents an Identify may name; a documented one beyond these closes with 4014. */
  readonly intentsAllowed: number;
  /** Recent Identifies, for `max_concurrency`. */
  identifyTurns: readonly { readonly key: number; readonly atMs: number }[];
  identifyBudget: { readonly used: number; readonly startedAtMs: number };
  /** Too many Identifies in a day reset the bot's token: from then on no token is right. */
  tokenRevoked: boolean;
}

export interface GatewaySettings {
  /** Tells the sessions of one life of the stand-in from those of another. */
  readonly lifeId: string;
  readonly heartbeatIntervalMs: number;
  /** Silence after which a connection is closed with 4009. */
  readonly heartbeatTimeoutMs: number;
  /** How long a session can be resumed after its connection is gone. */
  readonly sessionLifetimeMs: number;
  /** Dispatches kept for replay; a Resume from before the oldest one is refused. */
  readonly replayEventsMax: number;
  readonly maxConcurrency: number;
  /** Identifies per key are `maxConcurrency`-limited to one in this time. */
  readonly identifyWindowMs: number;
  readonly identifiesPerDayMax: number;
  /** After op 7: how long until a client that stays is closed. */
  readonly reconnectGraceMs: number;
  /** More servers than this on one shard close with 4011. */
  readonly guildsPerShardMax: number;
  /** Servers beyond the first `GUILDS_PER_BATCH` come in batches this far apart. */
  readonly guildBatchMs: number;
}

export interface Connection {
  readonly id: number;
  readonly door: Door;
  /** Where READY sends the client to resume. */
  readonly resumeUrl: string;
  phase: ConnectionPhase;
  /** Times of the frames received within the last minute, oldest first. */
  frameTimesMs: readonly number[];
  /** When 4009 is due; `undefined` until Hello. */
  beatDueAtMs: number | undefined;
  /** Another moment at which the connection is closed, if any (after op 7). */
  closeAtMs: number | undefined;
}

/** The main URL, or the one that READY gives for resuming. */
export type Door = "gateway" | "resume";

export type ConnectionPhase =
  | { readonly kind: "silent"; readonly helloAtMs: number | undefined }
  | { readonly kind: "greeted" }
  /** Op 9 has ended the session here; the client may Identify or Resume on the same connection. */
  | { readonly kind: "invalidated" }
  | { readonly kind: "live"; readonly sessionId: string };

export interface Session {
  readonly id: string;
  readonly botId: Snowflake;
  readonly intents: number;
  readonly largeThreshold: number;
  readonly shard: readonly [id: number, count: number] | undefined;
  /** Sequence of the last dispatch, sent or kept for replay. */
  sequence: number;
  readonly replay: Sequenced[];
  /** Sequences up to this one have left the replay buffer. */
  forgottenUpTo: number;
  place: SessionPlace;
  /** When the whole member list was last asked for (op 8), by the clock of the inputs. */
  memberListAtMs: number | undefined;
  /** Servers that READY named and that GUILD_CREATE has not told of yet. Nothing else is said about them. */
  readonly guildsPending: Set<Snowflake>;
  /** When the next of them are due. */
  guildsDueAtMs: number | undefined;
}

export type SessionPlace =
  | { readonly kind: "attached"; readonly connection: number }
  | { readonly kind: "detached"; readonly expiresAtMs: number };

export interface Sequenced {
  readonly s: number;
  readonly dispatch: Dispatch;
}

export function newGateway(settings: GatewaySettings, faults: Faults): GatewayState {
  return {
    settings,
    faults,
    connections: new Map(),
    sessions: new Map(),
    sessionsMade: 0,
    accounts: new Map(),
    stats: newStats(),
  };
}

/** Lets a bot in from now on. */
export function openAccount(
  state: GatewayState,
  account: Pick<Account, "botId" | "token" | "intentsAllowed">,
  atMs: number,
): void {
  state.accounts.set(account.botId, {
    ...account,
    identifyTurns: [],
    identifyBudget: { used: 0, startedAtMs: atMs },
    tokenRevoked: false,
  });
}

/** The account a token belongs to; `undefined` for a wrong one. */
export function accountOf(state: GatewayState, token: unknown): Account | undefined {
  for (const account of state.accounts.values()) {
    if (!account.tokenRevoked && account.token === token) return account;
  }
  return undefined;
}

/**
 * The same in Identify and Resume, where `Bot ` before the token is no fault: the documents ask for the bare token,
 * but Oceanic 1.15 sends the prefix, and bots run on it.
 */
export function gatewayAccountOf(state: GatewayState, token: unknown): Account | undefined {
  return accountOf(state, typeof token === "string" ? token.replace(/^Bot /, "") : token);
}

const DAY_MS = 24 * 3_600_000;

/** `session_start_limit` of `GET /gateway/bot`. A day after its first Identify the count starts again. */
export function sessionStartLimit(
  settings: GatewaySettings,
  account: Account,
  atMs: number,
): { total: number; remaining: number; reset_after: number; max_concurrency: number } {
  const { identifiesPerDayMax, maxConcurrency } = settings;
  const endsAtMs = account.identifyBudget.startedAtMs + DAY_MS;
  const used = atMs >= endsAtMs ? 0 : account.identifyBudget.used;
  return {
    total: identifiesPerDayMax,
    remaining: Math.max(0, identifiesPerDayMax - used),
    reset_after: atMs >= endsAtMs ? DAY_MS : endsAtMs - atMs,
    max_concurrency: maxConcurrency,
  };
}

/** Takes one Identify off the day's budget; `false` when there was none left. */
export function spendIdentify(settings: GatewaySettings, account: Account, atMs: number): boolean {
  const { startedAtMs, used } = account.identifyBudget;
  const current = atMs >= startedAtMs + DAY_MS ? { used: 0, startedAtMs: atMs } : { used, startedAtMs };
  if (current.used >= settings.identifiesPerDayMax) return false;
  account.identifyBudget = { ...current, used: current.used + 1 };
  return true;
}
