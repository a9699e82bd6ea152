/**
 * The hub's environment, read once. Empty variables count as absent; all mistakes are reported together, each with
 * the variable's name and what to do. Secrets become key objects here and are text nowhere else.
 */
import { createSecretKey, hkdfSync, type KeyObject } from "node:crypto";
import { readSecrets } from "@guildwire/events";
import { z } from "zod";
import type { ConnectionLimitRules } from "./access/connection-limits.ts";
import { type AllowedOrigins, readOrigins } from "./access/origins.ts";
import type { View } from "./views/view.ts";
import { OPEN_VIEWS, readViewFile } from "./views/view-file.ts";

/** The worker's, so that one variable may serve both. */
const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

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
  /** How many proxies in front write X-Forwarded-For. */
  readonly trustedProxies: number;
  readonly connections: ConnectionLimitRules;
}

/** The operator's mistakes, as lines to print. It is no bug, so a stack trace would only hide them. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(["The hub cannot start with this environment:", ...problems.map((line) => `  ${line}`)].join("\n"));
    this.name = "ConfigError";
    this.problems = problems;
  }
}

const PORT_PROBLEM = "must be a port number from 0 to 65535; leave it out for 3000";
const SECRET_HINT =
  "set it to the secret the worker signs with: whsec_<base64 of 24 to 64 bytes>, or plain text of 32 or more characters";

const TICKET_HINT =
  "set it to the secret your app signs tickets with, in the form of HUB_SECRET; leave it out to derive it from that";

function secrets(hint: string, missing = hint) {
  return z.string({ error: missing }).transform((text, context): readonly KeyObject[] => {
    const outcome = readSecrets(text);
    if (outcome.ok) return outcome.keys;
    context.addIssue({ code: "custom", message: `${outcome.problem}; ${hint}` });
    return z.NEVER;
  });
}

const origins = z.string().transform((text, context): AllowedOrigins => {
  const outcome = readOrigins(text);
  if (outcome.ok) return outcome.origins;
  context.addIssue({ code: "custom", message: outcome.problem });
  return z.NEVER;
});

function count(least: number, most: number, hint: string) {
  const problem = `must be a whole number from ${least} to ${most}; ${hint}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, problem)
    .transform(Number)
    .refine((number) => number >= least && number <= most, problem);
}

const environmentSchema = z.object({
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, PORT_PROBLEM)
    .transform(Number)
    .refine((port) => port <= 65_535, PORT_PROBLEM)
    .default(3_000),
  HOST: z.string().optional(),
  HUB_SECRET: secrets(SECRET_HINT, `is required; ${SECRET_HINT}`),
  HUB_TICKET_SECRET: secrets(TICKET_HINT).optional(),
  HUB_ALLOWED_ORIGINS: origins.optional(),
  HUB_EMBED_ORIGINS: origins.default("*"),
  TRUSTED_PROXIES: count(0, 10, "it is how many proxies stand in front of the hub").default(0),
  HUB_CONNECTIONS_MAX: count(1, 1_000_000, "leave it out for 20000").default(20_000),
  HUB_CONNECTIONS_PER_ADDRESS_MAX: count(1, 1_000_000, "leave it out for 100").default(100),
  HUB_CONNECTIONS_PER_USER_MAX: count(1, 1_000_000, "leave it out for 10").default(10),
  PRIMARY_GUILD_ID: z
    .string()
    .regex(
      /^\d{1,20}$/,
      "must be a Discord guild id, up to 20 digits; leave it out to show the first guild that is delivered",
    )
    .optional(),
  LOG_LEVEL: z
    .enum(LOG_LEVELS, { error: `must be one of ${LOG_LEVELS.join(", ")}; leave it out for info` })
    .default("info"),
  DATA_DIR: z.string().default("./data"),
  VIEWS_FILE: z
    .string()
    .transform((path, context): readonly View[] => {
      const outcome = readViewFile(path);
      if (outcome.ok) return outcome.views;
      for (const problem of outcome.problems) context.addIssue({ code: "custom", message: `: ${problem}` });
      return z.NEVER;
    })
    .optional(),
  HUB_PAGE_VIEW: z.string().default("public"),
});

/** Throws `ConfigError` with every mistake. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): HubConfig {
  const present = Object.fromEntries(
    Object.keys(environmentSchema.shape)
      .map((name) => [name, environment[name]?.trim()] as const)
      .filter(([, value]) => value !== undefined && value !== ""),
  );
  const outcome = environmentSchema.safeParse(present);
  if (!outcome.success) {
    throw new ConfigError(
      outcome.error.issues.map(({ path, message }) =>
        [path.map(String).join("."), message].join(message.startsWith(":") ? "" : " "),
      ),
    );
  }
  const { PORT, HOST, HUB_SECRET, PRIMARY_GUILD_ID, LOG_LEVEL, DATA_DIR } = outcome.data;
  const { VIEWS_FILE: views = OPEN_VIEWS, HUB_PAGE_VIEW: pageView } = outcome.data;
  const names = views.map(({ name }) => name);
  if (!names.includes(pageView)) {
    throw new ConfigError([`HUB_PAGE_VIEW must name one of the views: ${names.join(", ")}`]);
  }
  return {
    port: PORT,
    host: HOST,
    hubKeys: HUB_SECRET,
    primaryGuildId: PRIMARY_GUILD_ID,
    logLevel: LOG_LEVEL,
    dataDir: DATA_DIR,
    views,
    pageView,
    ticketKeys: outcome.data.HUB_TICKET_SECRET ?? HUB_SECRET.map(derivedTicketKey),
    allowedOrigins: outcome.data.HUB_ALLOWED_ORIGINS ?? [],
    embedOrigins: outcome.data.HUB_EMBED_ORIGINS,
    trustedProxies: outcome.data.TRUSTED_PROXIES,
    connections: {
      connectionsMax: outcome.data.HUB_CONNECTIONS_MAX,
      perAddressMax: outcome.data.HUB_CONNECTIONS_PER_ADDRESS_MAX,
      perUserMax: outcome.data.HUB_CONNECTIONS_PER_USER_MAX,
    },
  };
}

/** A key of its own, so that what is signed for one purpose can never be used for the other. */
function derivedTicketKey(hubKey: KeyObject): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync("sha256", hubKey, "", "guildwire tickets", 32)));
}
