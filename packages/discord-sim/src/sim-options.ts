import { ALL_INTENTS, isSnowflake, type Snowflake } from "@guildwire/discord-wire";
import { type Clock, systemClock } from "./clock.ts";
import { type Faults, NO_FAULTS } from "./fault/faults.ts";
import { SimError } from "./sim-error.ts";
import { BOT_PERMISSIONS, permissionBits } from "./world/permission.ts";

/** What `createDiscordSim` takes. Everything is optional; the defaults are in `DEFAULTS`. */
export interface SimOptions {
  /** 0 = any free port. */
  readonly port?: number;
  readonly host?: string;
  /** Token of the first bot. Without one it follows from the bot's id, whose base64 is its first part. */
  readonly token?: string;
  readonly guildId?: string;
  readonly seed?: number;
  /** Members besides the watching bot. */
  readonly people?: number;
  /** Voice and stage channels the bot may view. */
  readonly rooms?: number;
  /** Things that happen by themselves per second, on average. */
  readonly rate?: number;
  /** Messages, reactions, typing and presences per second in the watched server, on average. */
  readonly chatRate?: number;
  /** Buttons, selects, commands and forms that people use per second in the watched server, on average. */
  readonly interactionRate?: number;
  /** Servers beside the watched one, each with a life of its own. */
  readonly otherGuilds?: number;
  readonly otherPeople?: number;
  readonly otherRooms?: number;
  /** Things that happen per second in the other servers together. Without it, the same as `rate`. */
  readonly otherRate?: number;
  /** What the bot's role may do: a bit field in a decimal string. Without it, the documented useful minimum. */
  readonly botPermissions?: string;
  readonly startPaused?: boolean;
  readonly faults?: Partial<Faults>;
  readonly heartbeatIntervalMs?: number;
  /** Silence after which a connection is closed with 4009. */
  readonly heartbeatTimeoutMs?: number;
  /** How long a session can be resumed after a drop. */
  readonly sessionLifetimeMs?: number;
  /** Dispatches kept per session for replay. */
  readonly replayEventsMax?: number;
  /** Bit field of the intents an Identify may name; others close with 4014. */
  readonly intentsAllowed?: number;
  readonly maxConcurrency?: number;
  /** One Identify per key in this time; 0 = as often as one likes. */
  readonly identifyWindowMs?: number;
  readonly identifiesPerDayMax?: number;
  /** After op 7: how long until a client that stays is closed. */
  readonly reconnectGraceMs?: number;
  /** More servers than this on one shard close with 4011. */
  readonly guildsPerShardMax?: number;
  /** Time between two batches of GUILD_CREATE. */
  readonly guildBatchMs?: number;
  /** Shards that `GET /gateway/bot` recommends. */
  readonly shards?: number;
  /** REST calls per second over all routes; more get 429 with scope `global`. */
  readonly restCallsPerSecondMax?: number;
  /** Whether REST insists on the form `DiscordBot (url, version)`. Without it, any User-Agent will do. */
  readonly strictUserAgent?: boolean;
  readonly clock?: Clock;
}

export interface SimSettings
  extends Required<Omit<SimOptions, "guildId" | "faults" | "botPermissions" | "token">> {
  /** Without one, the token follows from the bot's id. */
  readonly token: string | undefined;
  readonly botPermissions: bigint;
  readonly guildId: Snowflake;
  readonly faults: Faults;
}

export const DEFAULT_GUILD_ID = "900000000000000001";

/** The defaults, all but those that follow from others. */
const DEFAULTS = {
  port: 0,
  host: "127.0.0.1",
  guildId: DEFAULT_GUILD_ID,
  seed: 1,
  people: 60,
  rooms: 8,
  rate: 2,
  chatRate: 0,
  interactionRate: 0,
  otherGuilds: 0,
  otherPeople: 12,
  otherRooms: 3,
  startPaused: false,
  // What Discord's Hello most often says.
  heartbeatIntervalMs: 41_250,
  // Discord says "a few minutes"; about 90 s has been seen.
  sessionLifetimeMs: 90_000,
  replayEventsMax: 10_000,
  // As if every privileged intent were switched on in the developer portal.
  intentsAllowed: ALL_INTENTS,
  maxConcurrency: 1,
  identifyWindowMs: 5000,
  identifiesPerDayMax: 1000,
  reconnectGraceMs: 5000,
  guildsPerShardMax: 2500,
  guildBatchMs: 20,
  shards: 1,
  restCallsPerSecondMax: 50,
  strictUserAgent: false,
  clock: systemClock,
} as const satisfies SimOptions;

/** A client is given half an interval more than it needs before it is closed with 4009. */
const HEARTBEAT_TOLERANCE = 1.5;

/** Fills in the defaults; throws `OPTION_INVALID` for the first option that makes no sense. */
export function settingsOf(options: SimOptions): SimSettings {
  const given = { ...DEFAULTS, ...options };
  const settings: SimSettings = {
    ...given,
    guildId: guildIdOf(given.guildId),
    token: options.token,
    otherRate: options.otherRate ?? given.rate,
    botPermissions: permissionsOf(options.botPermissions),
    faults: { ...NO_FAULTS, ...options.faults },
    heartbeatTimeoutMs:
      options.heartbeatTimeoutMs ?? Math.ceil(given.heartbeatIntervalMs * HEARTBEAT_TOLERANCE),
  };
  for (const [field, least, most] of INTEGER_RANGES) checkInteger(field, settings[field], least, most);
  for (const field of ["rate", "chatRate", "interactionRate", "otherRate"] as const) {
    if (!(settings[field] >= 0 && settings[field] <= RATE_MAX)) {
      throw invalid(field, `must be a number from 0 to ${RATE_MAX}`);
    }
  }
  if (settings.token === "") throw invalid("token", "must not be empty");
  return settings;
}

type IntegerOption = {
  [Name in keyof SimSettings]: SimSettings[Name] extends number ? Name : never;
}[keyof SimSettings];

/** Longest time that a timer takes. */
const TIMER_MS_MAX = 2 ** 31 - 1;
const RATE_MAX = 1000;

const INTEGER_RANGES: readonly (readonly [field: IntegerOption, least: number, most: number])[] = [
  ["port", 0, 65_535],
  ["seed", 0, Number.MAX_SAFE_INTEGER],
  ["people", 0, 100_000],
  // A server has 500 channels at most, and some are for text.
  ["rooms", 0, 480],
  ["otherGuilds", 0, 100_000],
  ["otherPeople", 0, 10_000],
  ["otherRooms", 0, 480],
  ["heartbeatIntervalMs", 1, TIMER_MS_MAX],
  ["heartbeatTimeoutMs", 1, TIMER_MS_MAX],
  ["sessionLifetimeMs", 0, TIMER_MS_MAX],
  ["replayEventsMax", 0, 10_000_000],
  ["intentsAllowed", 0, ALL_INTENTS],
  ["maxConcurrency", 1, 1024],
  ["identifyWindowMs", 0, TIMER_MS_MAX],
  ["identifiesPerDayMax", 0, Number.MAX_SAFE_INTEGER],
  ["reconnectGraceMs", 0, TIMER_MS_MAX],
  ["guildsPerShardMax", 1, 1_000_000],
  ["guildBatchMs", 0, TIMER_MS_MAX],
  ["shards", 1, 100_000],
  ["restCallsPerSecondMax", 1, 1_000_000],
];

function checkInteger(field: string, value: number, least: number, most: number): void {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return;
  throw invalid(field, `must be a whole number from ${least} to ${most}`);
}

function guildIdOf(value: string): Snowflake {
  if (isSnowflake(value)) return value;
  throw invalid("guildId", "must be a Discord id (digits only)");
}

function permissionsOf(value: string | undefined): bigint {
  const bits = value === undefined ? BOT_PERMISSIONS : permissionBits(value);
  if (bits === undefined) throw invalid("botPermissions", "must be a bit field in decimal digits");
  return bits;
}

function invalid(field: string, problem: string): SimError {
  return new SimError("OPTION_INVALID", `${field} ${problem}`, { field });
}
