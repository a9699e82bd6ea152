import type { InteractionStats } from "./application/interaction-desk.ts";
import type { GatewayStats } from "./gateway/stats.ts";

/** Counters of the whole stand-in. */
export interface SimStats extends GatewayStats, RestStats {
  interactions: InteractionStats;
  /** World commands that changed or could have changed something, from wherever they came. */
  commands: number;
  paused: boolean;
}

export interface RestStats {
  restRequests: number;
  /** Answers of 401, 403 and 429: the ones Discord bans addresses for. */
  restInvalidRequests: number;
  /** Messages the bot has sent over REST. */
  messagesSent: number;
}
