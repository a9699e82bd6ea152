/**
 * The worker's configuration, read once from the environment. All mistakes are found together, each with the
 * variable's name, what was given (a secret never), the remedy, and where to read more; inside, every option is
 * present and right.
 */
import type { KeyObject } from "node:crypto";
import type { Compression } from "@guildwire/gateway";
import { commitOf } from "./build-info.ts";
import { misspellings } from "./environment/misspelling.ts";
import { looksLikeSample } from "./environment/sample-secret.ts";
import { readSecretFile } from "./environment/secret-file.ts";
import { shownValue } from "./environment/shown-value.ts";
import {
  environmentSchema,
  type LogLevel,
  SECRET_NAMES,
  VARIABLE_NAMES,
  type VariableName,
} from "./environment/variables.ts";
import type { OutboxBounds } from "./outbox-bounds.ts";
import type { Secret } from "./secret.ts";

export interface Config {
  readonly token: Secret;
  readonly guildId: string;
  readonly hubEndpoint: string;
  readonly hubKeys: readonly KeyObject[];
  readonly port: number;
  readonly logLevel: LogLevel;
  /** Beside standard output; `null` for none. */
  readonly logFile: string | null;
  readonly logRetentionDays: number;
  readonly discordApiUrl: string;
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

type Environment = Readonly<Record<string, string | undefined>>;

const FILE_SUFFIX = "_FILE";

const ALL_NAMES = [...VARIABLE_NAMES, ...SECRET_NAMES.map((name) => name + FILE_SUFFIX)];

export function readConfig(environment: Environment): ConfigOutcome {
  const { values, problems } = givenValues(environment);
  const secrets = SECRET_NAMES.flatMap((name) => values[name] ?? []);
  const slips = misspellings(environment, ALL_NAMES);
  const parsed = environmentSchema.safeParse(values);
  const unread = new Set(problems.map(([name]) => name));
  for (const issue of parsed.error?.issues ?? []) {
    const name = issue.path[0] as VariableName;
    // What stands in its file could not be read, which says it all.
    if (!unread.has(name)) problems.push([name, issue.message]);
  }
  if (environment["NODE_ENV"] === "production") {
    for (const name of SECRET_NAMES) {
      if (values[name]?.split(/\s+/).some(looksLikeSample))
        problems.push([name, "is a sample value, which production refuses; make one of your own"]);
    }
  }
  if (!parsed.success || problems.length > 0) {
    const lines = problems.map(([name, problem]) => {
      const isSecret = SECRET_NAMES.includes(name);
      const value = values[name];
      const given = value === undefined ? "" : `; it is ${shownValue(value, isSecret, secrets)}`;
      const slip = value === undefined ? slips.find(({ meant }) => meant?.startsWith(name)) : undefined;
      const hint = slip === undefined ? "" : `; there is ${slip.given}: is that what is meant?`;
      return `${name} ${problem}${given}${hint} (docs/configuration.md#${isSecret ? "secrets" : "worker"})`;
    });
    return { ok: false, problems: lines };
  }
  return {
    ok: true,
    config: { ...configOf(parsed.data), commit: commitOf(environment) },
    advice: slips.map(({ given, meant }) =>
      meant === undefined
        ? `${given} is read by nothing (docs/configuration.md)`
        : `${given} is read by nothing; is ${meant} meant? (docs/configuration.md)`,
    ),
  };
}

/** A variable that is set to nothing means the same as one that is not set: platforms make no difference either. */
function givenValues(environment: Environment) {
  const values: Partial<Record<VariableName, string>> = {};
  const problems: [name: VariableName, problem: string][] = [];
  for (const name of VARIABLE_NAMES) {
    const text = environment[name]?.trim();
    if (text) values[name] = text;
  }
  for (const name of SECRET_NAMES) {
    const path = environment[name + FILE_SUFFIX]?.trim();
    if (!path) continue;
    if (values[name] !== undefined) {
      problems.push([name, `and ${name}${FILE_SUFFIX} are both set; leave one of them out`]);
      continue;
    }
    const file = readSecretFile(path);
    if (file.ok) values[name] = file.text;
    else problems.push([name, `is not in the file that ${name}${FILE_SUFFIX} names: ${file.problem}`]);
  }
  return { values, problems };
}

function configOf(values: ReturnType<typeof environmentSchema.parse>): Omit<Config, "commit"> {
  return {
    token: values.DISCORD_BOT_TOKEN,
    guildId: values.PRIMARY_GUILD_ID,
    hubEndpoint: values.HUB_ENDPOINT,
    hubKeys: values.HUB_SECRET,
    port: values.PORT,
    logLevel: values.LOG_LEVEL,
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
