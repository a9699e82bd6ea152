/**
 * The worker's configuration, read once from the environment. All mistakes are found together, each with the
 * variable's name, what was given (a secret never), the remedy, and where to read more; inside, every option is
 * present and right.
 */
import type { KeyObject } from "node:crypto";
import type { OutboxBounds, Proxies } from "@guildwire/delivery";
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
import { type ReceiverConfig, readReceivers } from "./environment/receivers.ts";
import { NAMES_OF_OTHERS, SECRET_NAMES, workerFields } from "./environment/variables.ts";
import { readProxies } from "./proxies.ts";

export interface Config {
  readonly token: Secret;
  readonly guildId: string;
  /** At least one. */
  readonly receivers: readonly ReceiverConfig[];
  /** Sign operators' requests to this worker: those of the hub, else of the broker, else of the first receiver. */
  readonly controlKeys: readonly KeyObject[];
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
  let receivers: readonly ReceiverConfig[] = [];
  const isGiven = (name: string) =>
    Boolean(environment[name]?.trim()) || Boolean(environment[`${name}_FILE`]?.trim());
  const outcome = readEnvironment(environment, {
    fields: workerFields,
    together(values) {
      const read = readReceivers(values, isGiven);
      if (read.ok) receivers = read.receivers;
      return read.ok ? [] : read.mistakes;
    },
    secrets: SECRET_NAMES,
    knownElsewhere: NAMES_OF_OTHERS,
    docsOf: (name) => `docs/configuration.md#${SECRET_NAMES.includes(name) ? "secrets" : "worker"}`,
  });
  const proxied = readProxies(environment);
  if (!outcome.ok || !proxied.ok)
    return { ok: false, problems: [outcome, proxied].flatMap((each) => (each.ok ? [] : each.problems)) };
  const { values, advice } = outcome;
  const { proxies } = proxied;
  const config = { ...configOf(values, receivers), proxies, commit: commitOf(environment) };
  return { ok: true, config, advice };
}

function configOf(
  values: ValuesOf<typeof workerFields>,
  receivers: readonly ReceiverConfig[],
): Omit<Config, "commit" | "proxies"> {
  const byName = (wanted: string) => receivers.find(({ name }) => name === wanted);
  return {
    token: values.DISCORD_BOT_TOKEN,
    guildId: values.PRIMARY_GUILD_ID,
    receivers,
    controlKeys: (byName("hub") ?? byName("broker") ?? receivers[0])?.keys ?? [],
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
