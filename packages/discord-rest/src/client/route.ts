/**
 * One call of Discord's REST API as data: what is called, and which limits it falls under.
 * Source: https://discord.com/developers/docs/topics/rate-limits (major parameters)
 */
import { isSnowflake, snowflakeTimeMs } from "@guildwire/discord-wire";
import type { Quota, Scope } from "../limiter/job.ts";
import { RestError } from "./rest-error.ts";

export type RestMethod = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Made by `restRoute`. */
export interface RestRoute {
  readonly method: RestMethod;
  /** Path with names in braces. */
  readonly template: string;
  /** Path and query, encoded. */
  readonly path: string;
  readonly body: unknown;
  readonly auditReason: string | undefined;
  /** The channel, guild, webhook or interaction of the path; empty where it has none. */
  readonly major: string;
  readonly scope: Scope;
  /** Limits of our own beside Discord's. */
  readonly quotas: readonly Quota[];
  /** Of the message that a DELETE names. */
  readonly messageId: string | undefined;
}

export interface RouteContent {
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Shown in the guild's audit log; at most 512 characters once encoded. */
  readonly auditReason?: string;
}

type ParameterName<Template extends string> = Template extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParameterName<Rest>
  : never;

/** First part of a path → how many of its parameters are the major parameter. */
const MAJOR_PARAMETERS: Readonly<Record<string, number>> = {
  channels: 1,
  guilds: 1,
  webhooks: 2,
  interactions: 2,
};

/**
 * A call with the values of its path, which are encoded. Throws `RestError` `route_invalid` for a value that is missing or empty.
 *
 * Paths under `/interactions/` and those with `{interactionToken}` are answers to an interaction: they are sent without
 * the bot's token.
 *
 * @example restRoute("POST", "/channels/{channelId}/messages", { channelId }, { body: { content: "Hello" } })
 */
export function restRoute<const Template extends `/${string}`>(
  method: RestMethod,
  template: Template,
  parameters: Readonly<Record<ParameterName<Template>, string>>,
  content: RouteContent = {},
): RestRoute {
  const values = new Map(Object.entries<string>(parameters));
  const used: string[] = [];
  const path = template.replaceAll(/\{([^}]*)\}/g, (_, name: string) => {
    const value = values.get(name);
    if (typeof value !== "string" || value === "" || /^\.{1,2}$/.test(value)) {
      throw new RestError("route_invalid", {
        route: `${method} ${template}`,
        detail: `{${name}} has no usable value`,
      });
    }
    used.push(value);
    return encodeURIComponent(value);
  });
  const [, first = ""] = template.split("/");
  return {
    method,
    template,
    path: path + queryOf(content.query),
    body: content.body,
    auditReason: content.auditReason,
    major: used.slice(0, MAJOR_PARAMETERS[first] ?? 0).join("/"),
    scope: first === "interactions" || values.has("interactionToken") ? "interaction" : "bot",
    quotas: [],
    messageId: method === "DELETE" ? values.get("messageId") : undefined,
  };
}

function queryOf(query: RouteContent["query"]): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {}))
    if (value !== undefined) search.append(name, String(value));
  return search.size === 0 ? "" : `?${search.toString()}`;
}

const YOUNG_MS = 10_000;
const OLD_MS = 14 * 24 * 60 * 60_000;

/**
 * The name of the route for the limiter. Deleting a message has other limits for very young and for old messages, so
 * these are routes of their own. Source: https://github.com/discord/discord-api-docs/issues/1295
 */
export function routeKeyOf({ method, template, messageId }: RestRoute, wallMs: number): string {
  const key = `${method} ${template.replaceAll(/\{[^}]*\}/g, "{}")}`;
  if (messageId === undefined || !isSnowflake(messageId)) return key;
  const ageMs = wallMs - snowflakeTimeMs(messageId);
  if (ageMs < YOUNG_MS) return `${key} young`;
  return ageMs > OLD_MS ? `${key} old` : key;
}
