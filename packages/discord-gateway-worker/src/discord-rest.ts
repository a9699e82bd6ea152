/** The one REST call the worker makes: where to connect, and whether the token is good. */
import { decodeGatewayBot } from "@guildwire/discord-wire";
import type { DialFailure, FetchGatewayBot } from "@guildwire/gateway";
import type { Secret } from "@guildwire/service";

const TIMEOUT_MS = 8_000;

/** Discord requires a User-Agent of this form. Source: https://discord.com/developers/docs/reference#user-agent */
export const DISCORD_USER_AGENT = "DiscordBot (https://github.com/guildwire/guildwire, 0.1.0)";

/** Source: https://discord.com/developers/docs/events/gateway#get-gateway-bot */
export function createFetchGatewayBot(
  apiUrl: string,
  token: Secret,
  /** For metrics. `identifiesLeft`: of today, where the answer says so. */
  onAnswer: (status: number, identifiesLeft: number | null) => void = () => undefined,
): FetchGatewayBot {
  return async () => {
    try {
      const response = await fetch(`${apiUrl}/gateway/bot`, {
        headers: { authorization: `Bot ${token.reveal()}`, "user-agent": DISCORD_USER_AGENT },
        redirect: "error",
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const { status } = response;
      if (status !== 200) onAnswer(status, null);
      // A dead token must not be tried again: refusals count towards a ban of the address.
      if (status === 401) return { ok: false, reason: { kind: "tokenRefused" } };
      if (status !== 200) return unreachable(`GET /gateway/bot answered ${status}`);
      const gateway = decodeGatewayBot(await response.json());
      onAnswer(status, gateway.ok ? gateway.value.sessionStartLimit.remaining : null);
      return gateway.ok ? gateway : unreachable(gateway.problem);
    } catch (error) {
      return unreachable(`GET /gateway/bot failed: ${describeFetchError(error)}`);
    }
  };
}

function unreachable(detail: string): { readonly ok: false; readonly reason: DialFailure } {
  return { ok: false, reason: { kind: "unreachable", detail } };
}

/** `fetch` says only "fetch failed"; what failed is in its cause. */
export function describeFetchError(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message : String(cause);
}
