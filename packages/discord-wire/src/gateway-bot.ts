import { type Decoded, decoded, malformed } from "./decoded.ts";
import { asInteger, asObject, asString } from "./fields.ts";

/**
 * The answer of `GET /gateway/bot`: where to connect, and how many Identifies are left today.
 * Source: https://discord.com/developers/docs/events/gateway#get-gateway-bot
 */
export interface GatewayBot {
  readonly url: string;
  /** Shards Discord recommends. */
  readonly shards: number;
  readonly sessionStartLimit: {
    readonly total: number;
    readonly remaining: number;
    readonly resetAfterMs: number;
    /** Identifies allowed per 5 s, per key `shard id % maxConcurrency`. */
    readonly maxConcurrency: number;
  };
}

export function decodeGatewayBot(json: unknown): Decoded<GatewayBot> {
  const body = asObject(json);
  const url = asString(body?.["url"]);
  if (body === undefined || url === undefined || !URL.canParse(url)) {
    return malformed("GET /gateway/bot answered without a valid `url`");
  }
  const limit = asObject(body["session_start_limit"]);
  return decoded({
    url,
    shards: asInteger(body["shards"]) ?? 1,
    sessionStartLimit: {
      total: asInteger(limit?.["total"]) ?? 1000,
      remaining: asInteger(limit?.["remaining"]) ?? 1000,
      resetAfterMs: asInteger(limit?.["reset_after"]) ?? 0,
      maxConcurrency: Math.max(1, asInteger(limit?.["max_concurrency"]) ?? 1),
    },
  });
}
