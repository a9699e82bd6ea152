/**
 * The one REST call the worker makes: where to connect, and whether the token is good. By Node's plain client, which is
 * loaded for the Gateway anyway: the first `fetch` of a process loads 8 MB for good.
 */
import { once } from "node:events";
import type { Agent, IncomingMessage } from "node:http";
import https from "node:https";
import { text } from "node:stream/consumers";
import type { Proxies } from "@guildwire/delivery";
import { decodeGatewayBot } from "@guildwire/discord-wire";
import type { DialFailure, FetchGatewayBot } from "@guildwire/gateway";
import type { Secret } from "@guildwire/runtime";
import { http } from "./node-http.ts";
import { proxyAgent } from "./proxy-agent.ts";

const TIMEOUT_MS = 8_000;

/** Discord requires a User-Agent of this form. Source: https://discord.com/developers/docs/reference#user-agent */
export const DISCORD_USER_AGENT = "DiscordBot (https://github.com/guildwire/guildwire, 0.1.0)";

/** The part of the configuration that REST calls need. */
export interface DiscordAccess {
  readonly discordApiUrl: string;
  readonly token: Secret;
  /** `null`: Discord is reached directly. */
  readonly proxies: Proxies | null;
}

/** Source: https://discord.com/developers/docs/events/gateway#get-gateway-bot */
export function createFetchGatewayBot(
  { discordApiUrl, token, proxies }: DiscordAccess,
  /** For metrics. `identifiesLeft`: of today, where the answer says so. */
  onAnswer: (status: number, identifiesLeft: number | null) => void = () => undefined,
): FetchGatewayBot {
  const agent = proxyAgent(discordApiUrl, proxies);
  return async () => {
    try {
      const headers = { authorization: `Bot ${token.reveal()}`, "user-agent": DISCORD_USER_AGENT };
      const { status, body } = await get(`${discordApiUrl}/gateway/bot`, headers, agent);
      if (status !== 200) onAnswer(status, null);
      // A dead token must not be tried again: refusals count towards a ban of the address.
      if (status === 401) return { ok: false, reason: { kind: "tokenRefused" } };
      if (status !== 200) return unreachable(`GET /gateway/bot answered ${status}`);
      const gateway = decodeGatewayBot(JSON.parse(body));
      onAnswer(status, gateway.ok ? gateway.value.sessionStartLimit.remaining : null);
      return gateway.ok ? gateway : unreachable(gateway.problem);
    } catch (error) {
      return unreachable(`GET /gateway/bot failed: ${describeFetchError(error)}`);
    }
  };
}

/** Redirects are answers, not followed. */
async function get(
  url: string,
  headers: Readonly<Record<string, string>>,
  agent: Agent | undefined,
): Promise<{ readonly status: number; readonly body: string }> {
  const { get: send } = url.startsWith("https:") ? https : http;
  const request = send(url, { headers, agent, signal: AbortSignal.timeout(TIMEOUT_MS) });
  const [response] = (await once(request, "response")) as [IncomingMessage];
  return { status: response.statusCode ?? 0, body: await text(response) };
}

function unreachable(detail: string): { readonly ok: false; readonly reason: DialFailure } {
  return { ok: false, reason: { kind: "unreachable", detail } };
}

/** `fetch` says only "fetch failed"; what failed is in its cause. */
export function describeFetchError(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message : String(cause);
}
