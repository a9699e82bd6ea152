/** The limiter's figures. All of them are options, with the reason beside each default. */

export interface RestLimits {
  /** Requests with the bot's token in any second, over all routes. A process that leases a share gets fewer. */
  readonly globalPerSecond: number;
  /** Requests under way at a time, per scope. */
  readonly inFlightMax: number;
  /** Jobs that wait, over all callers. One more is refused with `queue_full`. */
  readonly waitingMax: number;
  /** Jobs of one caller that wait. One more is refused with `queue_full`. */
  readonly waitingPerCallerMax: number;
  /** Invalid requests (401, 403, 429) in 10 minutes at which sending stops. */
  readonly invalidRequestsMax: number;
  /** How often a job is sent again after an answer that was lost or a server's fault, where that is safe. */
  readonly repeatsMax: number;
}

export const DEFAULT_LIMITS: RestLimits = {
  // Discord's documented limit. It is kept by counting each request until a second after its answer.
  globalPerSecond: 50,
  inFlightMax: 100,
  waitingMax: 10_000,
  // A caller that floods the queue leaves half of it to the others.
  waitingPerCallerMax: 5_000,
  // Discord bans the address at 10,000; other processes may share it.
  invalidRequestsMax: 1_000,
  repeatsMax: 4,
};

/** How long a request may take to reach Discord and be counted; longer ones are counted as if they had arrived then. */
export const ARRIVAL_MAX_MS = 500;
/** Discord's global limit counts the requests of one second. */
export const GLOBAL_WINDOW_MS = 1_000;
/** Where 429 comes from Cloudflare and names no time. Its blocks last for minutes. */
export const EDGE_PAUSE_MS = 5 * 60_000;
/** Where 429 comes from Discord and names no time. */
export const UNNAMED_PAUSE_MS = 5_000;
/** Added to a pause that Discord names, up to this much by chance, so that not all callers come back together. */
export const JITTER_MAX_MS = 100;
/** `retry_after` beyond the bucket's reset by more than this belongs to a limit that the headers do not show. */
export const SUB_LIMIT_SLACK_MS = 1_100;
/** Before a job is sent again, doubled with each attempt up to the longest. */
export const BACK_OFF_FIRST_MS = 500;
export const BACK_OFF_MAX_MS = 10_000;
/** A pause at least this long is kept over a restart. */
export const PAUSE_KEPT_MIN_MS = 60_000;
/** Buckets and lines that were not used for this long are forgotten. */
export const FORGET_AFTER_MS = 60_000;
export const SWEEP_EVERY_MS = 10_000;
/** Different routes remembered; the one used longest ago is forgotten first. */
export const ROUTES_MAX = 500;
/** Buckets that one route is known to use, the latest ones. */
export const HASHES_PER_ROUTE_MAX = 4;
/** A lower priority that was passed over this often takes the next turn. */
export const PASSED_OVER_MAX = 9;
