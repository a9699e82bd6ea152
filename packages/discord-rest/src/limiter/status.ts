/** The limiter in figures, for `/health`, `status` and metrics. */
import { invalidCount } from "./invalid-requests.ts";
import { sizeOf } from "./keyed-map.ts";
import { type LimiterState, type StateName, waitingCount } from "./state.ts";

export interface RestStatus {
  readonly state: StateName;
  readonly waiting: number;
  readonly inFlight: number;
  /** Routes with a major parameter that were used in the last minute. */
  readonly lines: number;
  readonly buckets: number;
  /** Of the last 10 minutes; sending stops at `invalidRequestsMax`. */
  readonly invalidRequests: number;
  /** How much longer nothing is sent with the bot's token, by Discord's global limit or Cloudflare's block; 0: not paused. */
  readonly pausedMs: number;
}

export function statusOf(state: LimiterState, nowMs: number): RestStatus {
  if (state.name === "closed") {
    return {
      state: "closed",
      waiting: 0,
      inFlight: 0,
      lines: 0,
      buckets: 0,
      invalidRequests: 0,
      pausedMs: 0,
    };
  }
  const { bot, interaction } = state.scopes;
  return {
    state: state.name,
    waiting: waitingCount(state),
    inFlight: state.inFlight.size,
    lines: sizeOf(bot.lines) + sizeOf(interaction.lines),
    buckets: sizeOf(state.buckets),
    invalidRequests: invalidCount(state.invalid, nowMs),
    pausedMs: Math.max(0, Math.max(bot.pausedUntilMs, state.edgePausedUntilMs) - nowMs),
  };
}
