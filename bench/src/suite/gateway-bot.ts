/** What `GET /gateway/bot` answers, for clients that are handed it instead of asking. */
export interface GatewayBot {
  /** `ws://…` without a query string. */
  readonly url: string;
  readonly shards: number;
  readonly session_start_limit: {
    readonly total: number;
    readonly remaining: number;
    readonly reset_after: number;
    readonly max_concurrency: number;
  };
}

export function gatewayBot(url: string): GatewayBot {
  return {
    url,
    shards: 1,
    session_start_limit: { total: 1000, remaining: 1000, reset_after: 86_400_000, max_concurrency: 1 },
  };
}

/** As some clients call the same. */
export function inCamelCase({ url, shards, session_start_limit: limit }: GatewayBot) {
  return {
    url,
    shards,
    sessionStartLimit: {
      total: limit.total,
      remaining: limit.remaining,
      resetAfter: limit.reset_after,
      maxConcurrency: limit.max_concurrency,
    },
  };
}
