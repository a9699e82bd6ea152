/** Asks Discord's REST API one thing. Expected failure is a value. */

import { createHttpClient } from "@guildwire/delivery";
import { DISCORD_USER_AGENT, type DiscordAccess, describeFetchError } from "../discord-rest.ts";
import { type ClockSample, clockSample } from "./clock-finding.ts";

const TIMEOUT_MS = 8_000;

export type DiscordAnswer =
  | {
      readonly ok: true;
      readonly status: number;
      readonly json: unknown;
      readonly retryAfterS: number | undefined;
      readonly clock: ClockSample | undefined;
    }
  | { readonly ok: false; readonly detail: string };

export type DiscordGet = (path: string) => Promise<DiscordAnswer>;

/** Redirects are answers, not followed. */
export function createDiscordGet({ discordApiUrl, token, proxies }: DiscordAccess): DiscordGet {
  return async (path) => {
    const client = createHttpClient({ connections: 1, connectTimeoutMs: TIMEOUT_MS, proxies });
    const sentAtMs = Date.now();
    try {
      const { statusCode, headers, body } = await client.request(discordApiUrl + path, {
        method: "GET",
        headers: { authorization: `Bot ${token.reveal()}`, "user-agent": DISCORD_USER_AGENT },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const { date, "retry-after": retryAfter } = headers;
      const clock = clockSample(typeof date === "string" ? date : undefined, sentAtMs, Date.now());
      const retryAfterS = Number(retryAfter ?? Number.NaN);
      return {
        ok: true,
        status: statusCode,
        json: parsed(await body.text()),
        retryAfterS: Number.isFinite(retryAfterS) ? retryAfterS : undefined,
        clock,
      };
    } catch (error) {
      return { ok: false, detail: `GET ${path} failed: ${describeFetchError(error)}` };
    } finally {
      await client.close();
    }
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
