/**
 * The worker's configuration, read once from the environment. All mistakes are found together, each with the
 * variable's name, what was given (a secret never), the remedy, and where to read more; inside, every option is
 * present and right.
 */
import type { KeyObject } from "node:crypto";
import type { Compression } from "@guildwire/gateway";
import {
  commitOf,
  type Environment,
  type LogFormat,
  type LogLevel,
  readEnvironment,
  type Secret,
  type ValuesOf,
} from "@guildwire/runtime";
import { NAMES_OF_OTHERS, SECRET_NAMES, workerFields } from "./environment/variables.ts";
import type { OutboxBounds } from "./outbox-bounds.ts";
import { type Proxies, readProxies } from "./proxies.ts";

export interface Config {
  readonly token: Secret;
  readonly guildId: string;
  readonly hubEndpoint: string;
  readonly hubKeys: readonly KeyObject[];
  readonly port: number;
  /** Address of the health server; `undefined` for all. */
  readonly host: string | undefined;
  readonly logLevel: LogLevel;
  /** Of standard output; `undefined`: what it is decides. */
  readonly logFormat: LogFormat | undefined;
  /** Beside standard output; `null` for none. */
  readonly logFile: string | null;
  readonly logRetentionDays: number;
  readonly discordApiUrl: string;
  /** For REST, deliveries and the Gateway's socket; `null`: all hosts are reached directly. */
  readonly proxies: Proxies | null;
  readonly dataDir: string;
  readonly compression: Compression;
  /** `Infinity` for `unlimited`. */
  readonly reconnectAttemptsMax: number;
  readonly outbox: OutboxBounds;
  /** How long the event loop may stand still before the process is killed; 0: for ever. */
  readonly loopBlockedMsMax: number;
  /** What was built, where the platform says so. */
  readonly commit: string | null;
}

export type ConfigOutcome =
  | {
      readonly ok: true;
      readonly config: Config;
      /** What is not wrong and probably not meant: one line each. */
      readonly advice: readonly string[];
    }
  /** One line per mistake, beginning with the variable's name. */
  | { readonly ok: false; readonly problems: readonly string[] };

export function readConfig(environment: Environment): ConfigOutcome {
  const outcome = readEnvironment(environment, {
    fields: workerFields,
    secrets: SECRET_NAMES,
    knownElsewhere: NAMES_OF_OTHERS,
    docsOf: (name) => `docs/configuration.md#${SECRET_NAMES.includes(name) ? "secrets" : "worker"}`,
  });
  const proxied = readProxies(environment);
  if (!outcome.ok || !proxied.ok)
    return { ok: false, problems: [outcome, proxied].flatMap((each) => (each.ok ? [] : each.problems)) };
  const { values, advice } = outcome;
  const { proxies } = proxied;
  return { ok: true, config: { ...configOf(values), proxies, commit: commitOf(environment) }, advice };
}

function configOf(values: ValuesOf<typeof workerFields>): Omit<Config, "commit" | "proxies"> {
  return {
    token: values.DISCORD_BOT_TOKEN,
    guildId: values.PRIMARY_GUILD_ID,
    hubEndpoint: values.HUB_ENDPOINT,
    hubKeys: values.HUB_SECRET,
    port: values.PORT,
    host: values.HOST,
    logLevel: values.LOG_LEVEL,
    logFormat: values.LOG_FORMAT,
    logFile: values.LOG_FILE ?? null,
    logRetentionDays: values.LOG_RETENTION_DAYS,
    discordApiUrl: values.DISCORD_API_URL.replace(/\/+$/, ""),
    dataDir: values.DATA_DIR,
    compression: values.GATEWAY_COMPRESS,
    reconnectAttemptsMax: values.RECONNECT_ATTEMPTS_MAX,
    outbox: {
      rowsMax: values.OUTBOX_ROWS_MAX,
      bytesMax: values.OUTBOX_BYTES_MAX,
      ageMaxS: values.OUTBOX_AGE_MAX_S,
    },
    loopBlockedMsMax: values.LOOP_BLOCKED_S_MAX * 1_000,
  };
}
