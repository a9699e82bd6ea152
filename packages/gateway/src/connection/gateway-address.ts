import type { GatewayBot } from "@guildwire/discord-wire";
import type { DialFailure } from "../session/input.ts";
import type { Compression } from "./compression.ts";

/** Asks Discord where to connect (`GET /gateway/bot`); the application brings its own HTTP client. */
export type FetchGatewayBot = () => Promise<
  { readonly ok: true; readonly value: GatewayBot } | { readonly ok: false; readonly reason: DialFailure }
>;

/**
 * The same query goes to the ordinary and to the resume URL, which comes without one.
 * Source: https://discord.com/developers/docs/events/gateway#connecting
 */
export function gatewayAddress(url: string, compression: Compression): string {
  const address = new URL(url);
  address.searchParams.set("v", "10");
  address.searchParams.set("encoding", "json");
  if (compression === "none") address.searchParams.delete("compress");
  else address.searchParams.set("compress", compression);
  return address.href;
}

export type AddressOutcome =
  | { readonly ok: true; readonly url: string; readonly maxConcurrency: number }
  | { readonly ok: false; readonly reason: DialFailure };

/**
 * Finds the ordinary Gateway URL. For an Identify the answer is always fresh, because the day's budget comes with it
 * (1,000 Identifies a day, then the token is reset); for a Resume the last known URL will do.
 */
export class AddressBook {
  readonly #fetchGatewayBot: FetchGatewayBot;
  #known: GatewayBot | undefined;

  constructor(fetchGatewayBot: FetchGatewayBot) {
    this.#fetchGatewayBot = fetchGatewayBot;
  }

  async mainUrl(purpose: "identify" | "resume"): Promise<AddressOutcome> {
    const known = this.#known;
    if (purpose === "resume" && known !== undefined) return found(known);
    const outcome = await this.#fetchGatewayBot();
    if (!outcome.ok) return outcome;
    this.#known = outcome.value;
    const { remaining, resetAfterMs } = outcome.value.sessionStartLimit;
    if (purpose === "identify" && remaining <= 0) {
      return { ok: false, reason: { kind: "identifyBudgetSpent", retryAfterMs: resetAfterMs } };
    }
    return found(outcome.value);
  }
}

function found(gateway: GatewayBot): AddressOutcome {
  return { ok: true, url: gateway.url, maxConcurrency: gateway.sessionStartLimit.maxConcurrency };
}
