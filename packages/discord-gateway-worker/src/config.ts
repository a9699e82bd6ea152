/**
 * The worker's configuration, read once from the environment. All mistakes are found together, each with the
 * variable's name and the remedy; inside, every option is present and right.
 */
import type { KeyObject } from "node:crypto";
import { readSecrets } from "@guildwire/events";
import type { Compression } from "@guildwire/gateway";
import { z } from "zod";
import type { OutboxBounds } from "./outbox-bounds.ts";
import { Secret } from "./secret.ts";

export interface Config {
  readonly token: Secret;
  readonly guildId: string;
  readonly hubEndpoint: string;
  readonly hubKeys: readonly KeyObject[];
  readonly port: number;
  readonly logLevel: LogLevel;
  readonly discordApiUrl: string;
  readonly dataDir: string;
  readonly compression: Compression;
  /** `Infinity` for `unlimited`. */
  readonly reconnectAttemptsMax: number;
  readonly outbox: OutboxBounds;
}

const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const COMPRESSIONS = ["zstd-stream", "zlib-stream", "none"] as const;

const url = (remedy: string) =>
  z.string({ error: remedy }).refine((text) => /^https?:$/.test(protocolOf(text)), { error: remedy });

function protocolOf(text: string): string {
  return URL.canParse(text) ? new URL(text).protocol : "";
}

function wholeNumber(from: number, to: number, remedy: string) {
  return z
    .string()
    .regex(/^\d{1,12}$/, { error: remedy })
    .transform(Number)
    .refine((value) => value >= from && value <= to, { error: remedy });
}

const environmentSchema = z.object({
  DISCORD_BOT_TOKEN: z
    .string({
      error: "is missing; copy it from the Bot page of your application in Discord's developer portal",
    })
    .refine((text) => !/^bot\s/i.test(text), {
      error: "must be the token alone, without `Bot ` before it",
      abort: true,
    })
    .refine((text) => !/\s/.test(text), { error: "must not contain spaces or line breaks; copy it again" })
    .transform((text) => new Secret(text)),
  PRIMARY_GUILD_ID: z
    .string({
      error: "is missing; in Discord switch on Developer Mode, right-click the server, Copy Server ID",
    })
    .regex(/^\d{5,20}$/, {
      error: "must be a server id, digits only (right-click the server, Copy Server ID)",
    }),
  HUB_ENDPOINT: url(
    "must be the http(s) URL events are sent to, for the hub http://localhost:3000/api/internal/events",
  ),
  HUB_SECRET: z
    .string({
      error: "is missing; make one with: node -p \"'whsec_'+crypto.randomBytes(32).toString('base64')\"",
    })
    .transform((text, context) => {
      const secrets = readSecrets(text);
      if (secrets.ok) return secrets.keys;
      context.addIssue({ code: "custom", message: secrets.problem });
      return z.NEVER;
    }),
  PORT: wholeNumber(0, 65_535, "must be a port number, 0 to 65535").default(3001),
  LOG_LEVEL: z.enum(LOG_LEVELS, { error: `must be one of ${LOG_LEVELS.join(", ")}` }).default("info"),
  DISCORD_API_URL: url("must be an http(s) URL, normally https://discord.com/api/v10").default(
    "https://discord.com/api/v10",
  ),
  DATA_DIR: z.string().default("./data"),
  GATEWAY_COMPRESS: z
    .enum(COMPRESSIONS, { error: `must be one of ${COMPRESSIONS.join(", ")}` })
    .default("zstd-stream"),
  RECONNECT_ATTEMPTS_MAX: z
    .union(
      [
        z.literal("unlimited").transform(() => Number.POSITIVE_INFINITY),
        wholeNumber(0, 999_999_999, "must be a whole number or `unlimited`"),
      ],
      { error: "must be a whole number or `unlimited`" },
    )
    .default(5),
  /** An hour of a very busy server; about 100 MB. */
  OUTBOX_ROWS_MAX: wholeNumber(10, 999_999_999, "must be a number of events, 10 or more").default(250_000),
  OUTBOX_BYTES_MAX: wholeNumber(65_536, 999_999_999_999, "must be a number of bytes, 65536 or more").default(
    268_435_456,
  ),
  /** A week: a receiver that broke on a Friday evening misses nothing. */
  OUTBOX_AGE_MAX_S: wholeNumber(60, 999_999_999, "must be a number of seconds, 60 or more").default(604_800),
});

export const CONFIG_VARIABLES: readonly string[] = Object.keys(environmentSchema.shape);

export type ConfigOutcome =
  | { readonly ok: true; readonly config: Config }
  /** One line per mistake, beginning with the variable's name; values are not quoted, they may be secret. */
  | { readonly ok: false; readonly problems: readonly string[] };

export function readConfig(environment: Readonly<Record<string, string | undefined>>): ConfigOutcome {
  // A variable that is set to nothing means the same as one that is not set: platforms make no difference either.
  const present = Object.fromEntries(
    CONFIG_VARIABLES.flatMap((name) => {
      const text = environment[name]?.trim();
      return text ? [[name, text]] : [];
    }),
  );
  const parsed = environmentSchema.safeParse(present);
  if (!parsed.success) {
    return {
      ok: false,
      problems: parsed.error.issues.map((issue) => `${issue.path.map(String).join(".")} ${issue.message}`),
    };
  }
  const values = parsed.data;
  return {
    ok: true,
    config: {
      token: values.DISCORD_BOT_TOKEN,
      guildId: values.PRIMARY_GUILD_ID,
      hubEndpoint: values.HUB_ENDPOINT,
      hubKeys: values.HUB_SECRET,
      port: values.PORT,
      logLevel: values.LOG_LEVEL,
      discordApiUrl: values.DISCORD_API_URL.replace(/\/+$/, ""),
      dataDir: values.DATA_DIR,
      compression: values.GATEWAY_COMPRESS,
      reconnectAttemptsMax: values.RECONNECT_ATTEMPTS_MAX,
      outbox: {
        rowsMax: values.OUTBOX_ROWS_MAX,
        bytesMax: values.OUTBOX_BYTES_MAX,
        ageMaxS: values.OUTBOX_AGE_MAX_S,
      },
    },
  };
}
