/**
 * The hub's variables: what each must be, and what docs/configuration.md says of it. The table there is made of this file
 * (`pnpm docs:generate`), and `.env.example` is compared with it by a test.
 */
import type { KeyObject } from "node:crypto";
import { readSecrets } from "@guildwire/events";
import { LOOP_DOCS, logDocs, logFields, loopFields, type VariableDoc, wholeNumber } from "@guildwire/runtime";
import { z } from "zod";
import { readHosts } from "../access/known-hosts.ts";
import { type AllowedOrigins, readOrigins } from "../access/origins.ts";
import type { View } from "../views/view.ts";
import { readViewFile } from "../views/view-file.ts";

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

const hosts = z.string().transform((text, context): readonly string[] => {
  const outcome = readHosts(text);
  if (outcome.ok) return outcome.hosts;
  context.addIssue({ code: "custom", message: outcome.problem });
  return z.NEVER;
});

function count(least: number, most: number, hint: string) {
  return wholeNumber(least, most, `must be a whole number from ${least} to ${most}; ${hint}`);
}

const viewFile = z.string().transform((path, context): readonly View[] => {
  const outcome = readViewFile(path);
  if (outcome.ok) return outcome.views;
  for (const problem of outcome.problems)
    context.addIssue({ code: "custom", message: `has a mistake: ${problem}` });
  return z.NEVER;
});

export const hubFields = {
  HUB_SECRET: secrets(SECRET_HINT, `is required; ${SECRET_HINT}`),
  PORT: count(0, 65_535, "leave it out for 3000").default(3_000),
  HOST: z.string().optional(),
  PRIMARY_GUILD_ID: z
    .string()
    .regex(
      /^\d{1,20}$/,
      "must be a Discord guild id, up to 20 digits; leave it out to show the first guild that is delivered",
    )
    .optional(),
  ...logFields,
  HUB_TICKET_SECRET: secrets(TICKET_HINT).optional(),
  HUB_ALLOWED_ORIGINS: origins.optional(),
  HUB_EMBED_ORIGINS: origins.default("*"),
  HUB_HOSTS: hosts.optional(),
  TRUSTED_PROXIES: count(0, 10, "it is how many proxies stand in front of the hub").default(0),
  HUB_CONNECTIONS_MAX: count(1, 1_000_000, "leave it out for 20000").default(20_000),
  HUB_CONNECTIONS_PER_ADDRESS_MAX: count(1, 1_000_000, "leave it out for 100").default(100),
  HUB_CONNECTIONS_PER_USER_MAX: count(1, 1_000_000, "leave it out for 10").default(10),
  VIEWS_FILE: viewFile.optional(),
  HUB_PAGE_VIEW: z.string().default("public"),
  DATA_DIR: z.string().default("./data"),
  ...loopFields,
} as const;

export type HubVariableName = keyof typeof hubFields;

export const HUB_VARIABLE_NAMES = Object.keys(hubFields) as readonly HubVariableName[];

/** May come from a file, and are never shown. */
export const HUB_SECRET_NAMES: readonly HubVariableName[] = ["HUB_SECRET", "HUB_TICKET_SECRET"];

export const HUB_VARIABLE_DOCS: Readonly<Record<HubVariableName, VariableDoc>> = {
  HUB_SECRET: {
    meaning: "one or more shared secrets; a delivery signed with any of them is taken",
    example: "`whsec_…`",
  },
  PORT: {
    meaning: "port of pages, API and WebSocket, 0 to 65535; 0 takes any free one",
    example: "`8080`",
  },
  HOST: { meaning: "address to listen on", example: "`127.0.0.1`", standard: "every address" },
  PRIMARY_GUILD_ID: {
    meaning: "the server of the page at `/`",
    example: "`613425648685547541`",
    standard: "the first server that is delivered",
  },
  ...logDocs("/var/log/guildwire/hub.log"),
  HUB_TICKET_SECRET: {
    meaning:
      "secrets of [tickets](browser-access.md), in the form of `HUB_SECRET`: the first signs, all are taken",
    example: "`whsec_…`",
    standard: "derived from `HUB_SECRET`",
  },
  HUB_ALLOWED_ORIGINS: {
    meaning: "origins whose pages may connect, separated by spaces, or `*`",
    example: "`https://club.example`",
    standard: "the hub's own",
  },
  HUB_EMBED_ORIGINS: {
    meaning: "origins whose pages may show the widget in a frame",
    example: "`https://club.example`",
  },
  HUB_HOSTS: {
    meaning: "names under which visitors may come, separated by spaces; see below",
    example: "`voice.club.example`",
    standard: "any",
  },
  TRUSTED_PROXIES: {
    meaning: "how many proxies in front write `X-Forwarded-For`, so that limits count visitors",
    example: "`1`",
  },
  HUB_CONNECTIONS_MAX: {
    meaning: "browsers connected at once; never more than nine tenths of the limit of open files",
    example: "`5000`",
  },
  HUB_CONNECTIONS_PER_ADDRESS_MAX: {
    meaning: "of one address; an IPv6 network of 64 bits counts as one",
    example: "`500`",
  },
  HUB_CONNECTIONS_PER_USER_MAX: { meaning: "of one `sub` of tickets", example: "`3`" },
  VIEWS_FILE: {
    meaning: "JSON file that says what is shown to whom: [views](views.md)",
    example: "`/etc/guildwire/views.json`",
    standard: "one open view",
  },
  HUB_PAGE_VIEW: { meaning: "the view of the page at `/`", example: "`members`" },
  DATA_DIR: {
    meaning: "directory of `hub.sqlite`, made when missing; one hub per directory",
    example: "`/data`",
  },
  ...LOOP_DOCS,
};

/** Read by the build of the container, and by the worker, from the same environment. */
export const NAMES_OF_OTHERS: readonly string[] = ["GUILDWIRE_SERVICE"];
