/** Asks Discord's REST API one thing. Expected failure is a value. */

import type { Secret } from "@guildwire/runtime";
import { DISCORD_USER_AGENT, describeFetchError } from "../discord-rest.ts";
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

export function createDiscordGet(apiUrl: string, token: Secret): DiscordGet {
  return async (path) => {
    const sentAtMs = Date.now();
    try {
      const response = await fetch(apiUrl + path, {
        headers: { authorization: `Bot ${token.reveal()}`, "user-agent": DISCORD_USER_AGENT },
        redirect: "error",
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const clock = clockSample(response.headers.get("date") ?? undefined, sentAtMs, Date.now());
      const retryAfter = Number(response.headers.get("retry-after") ?? Number.NaN);
      const text = await response.text();
      return {
        ok: true,
        status: response.status,
        json: parsed(text),
        retryAfterS: Number.isFinite(retryAfter) ? retryAfter : undefined,
        clock,
      };
    } catch (error) {
      return { ok: false, detail: `GET ${path} failed: ${describeFetchError(error)}` };
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
