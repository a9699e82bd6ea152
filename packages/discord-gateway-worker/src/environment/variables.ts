/**
 * The worker's variables: what each must be, and what docs/configuration.md says of it. The table there is made of
 * this file (`pnpm docs:generate`), and `.env.example` is compared with it by a test.
 */
import { readSecrets } from "@guildwire/events";
import {
  httpUrlWithLogin,
  LOOP_DOCS,
  logDocs,
  logFields,
  loopFields,
  plainHttpUrl,
  Secret,
  type VariableDoc,
  wholeNumber,
} from "@guildwire/runtime";
import * as z from "zod";
import { NO_RECEIVER } from "./receivers.ts";

const COMPRESSIONS = ["zstd-stream", "zlib-stream", "none"] as const;

const sharedSecret = z.string().transform((text, context) => {
  const secrets = readSecrets(text);
  if (secrets.ok) return secrets.keys;
  context.addIssue({ code: "custom", message: secrets.problem });
  return z.NEVER;
});

export const workerFields = {
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
  HUB_ENDPOINT: httpUrlWithLogin(NO_RECEIVER).optional(),
  HUB_SECRET: sharedSecret.optional(),
  BROKER_ENDPOINT: httpUrlWithLogin(
    "must be the http(s) URL of the broker, like http://localhost:3002/internal/events",
  ).optional(),
  BROKER_SECRET: sharedSecret.optional(),
  RECEIVERS_FILE: z.string().optional(),
  PORT: wholeNumber(0, 65_535, "must be a port number, 0 to 65535").default(3001),
  HOST: z.string().optional(),
  ...logFields,
  DISCORD_API_URL: plainHttpUrl("must be an http(s) URL, normally https://discord.com/api/v10").default(
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
  ...loopFields,
} as const;

export type VariableName = keyof typeof workerFields;

export const VARIABLE_NAMES = Object.keys(workerFields) as readonly VariableName[];

/** May come from a file, and is never shown. */
export const SECRET_NAMES: readonly VariableName[] = ["DISCORD_BOT_TOKEN", "HUB_SECRET", "BROKER_SECRET"];

export const VARIABLE_DOCS: Readonly<Record<VariableName, VariableDoc>> = {
  DISCORD_BOT_TOKEN: {
    meaning: "the bot's token, without `Bot `",
    example: "from the Bot page of the developer portal",
  },
  PRIMARY_GUILD_ID: {
    meaning: "id of the server to follow, 5 to 20 digits",
    example: "`613425648685547541`",
  },
  HUB_ENDPOINT: {
    meaning:
      "http(s) URL of the receiver `hub`, required unless another is given; a user name and password in it are sent as basic authentication",
    example: "`http://localhost:3000/api/internal/events`",
  },
  HUB_SECRET: { meaning: "one or more shared secrets, see below", example: "`whsec_…`" },
  BROKER_ENDPOINT: {
    meaning: "http(s) URL of the receiver `broker`",
    example: "`http://localhost:3002/internal/events`",
  },
  BROKER_SECRET: { meaning: "its shared secrets, as `HUB_SECRET`", example: "`whsec_…`" },
  RECEIVERS_FILE: {
    meaning: "JSON file with more receivers, see below",
    example: "`/etc/guildwire/receivers.json`",
  },
  PORT: {
    meaning: "port of the health server, 0 to 65535; 0 takes any free one",
    example: "`8080`",
  },
  HOST: {
    meaning: "address the health server listens on",
    example: "`127.0.0.1`",
    standard: "every address",
  },
  ...logDocs("/var/log/guildwire/worker.log"),
  DISCORD_API_URL: {
    meaning: "base of the REST API; the Gateway's URL comes from `GET /gateway/bot` there",
    example: "`http://127.0.0.1:4400/api/v10`",
  },
  DATA_DIR: {
    meaning: "directory of the embedded database, made when missing; one worker per directory",
    example: "`/data`",
  },
  GATEWAY_COMPRESS: {
    meaning: "`zstd-stream`, `zlib-stream` or `none`; what Discord does not speak falls back to the next",
    example: "`none`",
  },
  RECONNECT_ATTEMPTS_MAX: {
    meaning: "connections lost in a row that are tried again before the process ends with 75; or `unlimited`",
    example: "`unlimited`",
  },
  OUTBOX_ROWS_MAX: {
    meaning: "events that may wait for a receiver, 10 or more; see below",
    example: "`1000000`",
  },
  OUTBOX_BYTES_MAX: {
    meaning: "bytes their data may take, 65536 or more; the file needs about a fifth more",
    example: "`1073741824`",
  },
  OUTBOX_AGE_MAX_S: {
    meaning: "seconds the oldest of them may wait, 60 or more; the default is a week",
    example: "`86400`",
  },
  ...LOOP_DOCS,
};

/** Read by the build of the container, which is given the same environment. */
export const NAMES_OF_OTHERS: readonly string[] = ["GUILDWIRE_SERVICE"];
