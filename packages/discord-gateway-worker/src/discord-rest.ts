/** The one REST call the worker makes: where to connect, and whether the token is good. */
import { decodeGatewayBot } from "@guildwire/discord-wire";
import type { DialFailure, FetchGatewayBot } from "@guildwire/gateway";
import { request } from "undici";
import type { Secret } from "./secret.ts";

const TIMEOUT_MS = 8_000;
const ANSWER_BYTES_MAX = 64 * 1024;

/** Discord requires a User-Agent of this form. Source: https://discord.com/developers/docs/reference#user-agent */
const USER_AGENT = "DiscordBot (https://github.com/guildwire/guildwire, 0.1.0)";

/** Source: https://discord.com/developers/docs/events/gateway#get-gateway-bot */
export function createFetchGatewayBot(apiUrl: string, token: Secret): FetchGatewayBot {
  return async () => {
    try {
      const { statusCode, body } = await request(`${apiUrl}/gateway/bot`, {
        headers: { authorization: `Bot ${token.reveal()}`, "user-agent": USER_AGENT },
        headersTimeout: TIMEOUT_MS,
        bodyTimeout: TIMEOUT_MS,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const text = (await body.text()).slice(0, ANSWER_BYTES_MAX);
      // A dead token must not be tried again: refusals count towards a ban of the address.
      if (statusCode === 401) return { ok: false, reason: { kind: "tokenRefused" } };
      if (statusCode !== 200) return unreachable(`GET /gateway/bot answered ${statusCode}`);
      const gateway = decodeGatewayBot(JSON.parse(text));
      return gateway.ok ? gateway : unreachable(gateway.problem);
    } catch (error) {
      return unreachable(
        `GET /gateway/bot failed: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  };
}

function unreachable(detail: string): { readonly ok: false; readonly reason: DialFailure } {
  return { ok: false, reason: { kind: "unreachable", detail } };
}
