/**
 * The hub's configuration, read once from the environment; all mistakes are told together. Secrets become key objects
 * here and are text nowhere else.
 */
import { createSecretKey, type KeyObject } from "node:crypto";
import {
  commitOf,
  type Environment,
  type LogFormat,
  type LogLevel,
  readEnvironment,
  type ValuesOf,
} from "@guildwire/runtime";
import type { ConnectionLimitRules } from "./access/connection-limits.ts";
import type { AllowedOrigins } from "./access/origins.ts";
import { derivedKey } from "./derived-key.ts";
import { HUB_SECRET_NAMES, hubFields, NAMES_OF_OTHERS } from "./environment/variables.ts";
import type { View } from "./views/view.ts";
import { OPEN_VIEWS } from "./views/view-file.ts";

export interface HubConfig {
  /** 0 = any free port. */
  readonly port: number;
  /** `undefined` = every address of the machine, IPv6 and IPv4. */
  readonly host: string | undefined;
  /** Any of them verifies a delivery. */
  readonly hubKeys: readonly KeyObject[];
  /** The guild of the page at `/`; `undefined` = the first guild that is delivered. */
  readonly primaryGuildId: string | undefined;
  readonly logLevel: LogLevel;
  /** Of standard output; `undefined`: what it is decides. */
  readonly logFormat: LogFormat | undefined;
  /** Beside standard output; `null` for none. */
  readonly logFile: string | null;
  readonly logRetentionDays: number;
  /** Where topics and cursors are kept; one hub per directory. */
  readonly dataDir: string;
  /** The projections of a guild that leave this hub. */
  readonly views: readonly View[];
  /** The view of the page at `/`; one of `views`. */
  readonly pageView: string;
  /** The first signs tickets, all verify. */
  readonly ticketKeys: readonly KeyObject[];
  /** Whose pages may use this hub from a browser, besides its own. */
  readonly allowedOrigins: AllowedOrigins;
  /** Whose pages may show the hub's widget in a frame. */
  readonly embedOrigins: AllowedOrigins;
  /** Under which names visitors may come; `undefined` = any. */
  readonly hosts: readonly string[] | undefined;
  /** How many proxies in front write X-Forwarded-For. */
  readonly trustedProxies: number;
  readonly connections: ConnectionLimitRules;
  /** How long the event loop may stand still before the process is killed; 0: for ever. */
  readonly loopBlockedMsMax: number;
  /** What was built, where the platform says so. */
  readonly commit: string | null;
  /** What is not wrong and probably not meant: one line each. */
  readonly advice: readonly string[];
}

/** The operator's mistakes, one line each. It is no bug, so a stack trace would only hide them. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(["The hub cannot start with this environment:", ...problems.map((line) => `  ${line}`)].join("\n"));
    this.name = "ConfigError";
    this.problems = problems;
  }
}

type Values = ValuesOf<typeof hubFields>;

/** Throws `ConfigError` with every mistake. */
export function readConfig(environment: Environment): HubConfig {
  const outcome = readEnvironment(environment, {
    fields: hubFields,
    secrets: HUB_SECRET_NAMES,
    knownElsewhere: NAMES_OF_OTHERS,
    docsOf: (name) => DOCS_OF[name] ?? "docs/configuration.md#hub",
    together: unknownPageView,
  });
  if (!outcome.ok) throw new ConfigError(outcome.problems);
  const { values, advice } = outcome;
  return { ...configOf(values), commit: commitOf(environment), advice };
}

const DOCS_OF: Readonly<Record<string, string>> = {
  HUB_SECRET: "docs/configuration.md#secrets",
  HUB_TICKET_SECRET: "docs/browser-access.md",
  VIEWS_FILE: "docs/views.md",
};

function unknownPageView(values: Partial<Values>): readonly ["HUB_PAGE_VIEW", string][] {
  // Of a file with mistakes nobody knows the names.
  if (!("VIEWS_FILE" in values) || values.HUB_PAGE_VIEW === undefined) return [];
  const names = (values.VIEWS_FILE ?? OPEN_VIEWS).map(({ name }) => name);
  return names.includes(values.HUB_PAGE_VIEW)
    ? []
    : [["HUB_PAGE_VIEW", `must name one of the views: ${names.join(", ")}`]];
}

function configOf(values: Values): Omit<HubConfig, "commit" | "advice"> {
  return {
    port: values.PORT,
    host: values.HOST,
    hubKeys: values.HUB_SECRET,
    primaryGuildId: values.PRIMARY_GUILD_ID,
    logLevel: values.LOG_LEVEL,
    logFormat: values.LOG_FORMAT,
    logFile: values.LOG_FILE ?? null,
    logRetentionDays: values.LOG_RETENTION_DAYS,
    dataDir: values.DATA_DIR,
    views: values.VIEWS_FILE ?? OPEN_VIEWS,
    pageView: values.HUB_PAGE_VIEW,
    ticketKeys: values.HUB_TICKET_SECRET ?? values.HUB_SECRET.map(ticketKeyOf),
    allowedOrigins: values.HUB_ALLOWED_ORIGINS ?? [],
    embedOrigins: values.HUB_EMBED_ORIGINS,
    hosts: values.HUB_HOSTS,
    trustedProxies: values.TRUSTED_PROXIES,
    connections: {
      connectionsMax: values.HUB_CONNECTIONS_MAX,
      perAddressMax: values.HUB_CONNECTIONS_PER_ADDRESS_MAX,
      perUserMax: values.HUB_CONNECTIONS_PER_USER_MAX,
    },
    loopBlockedMsMax: values.LOOP_BLOCKED_S_MAX * 1_000,
  };
}

function ticketKeyOf(hubKey: KeyObject): KeyObject {
  return createSecretKey(derivedKey(hubKey, "guildwire tickets"));
}
