import { hexOf } from "../random.ts";
import type { RestAnswer } from "./rest-answer.ts";

/**
 * Discord's rate limits: each bucket allows so many calls per window, and every answer says how many are left. The
 * buckets are those of the route table, so there are never more than it has rows.
 */
export interface RateLimits {
  readonly windows: Map<string, { readonly used: number; readonly endsAtMs: number }>;
}

const CALLS_PER_WINDOW = 50;
const WINDOW_MS = 1000;

/** Counts one call; `refusal` is the 429 answer when the window is used up. */
export function spendCall(
  limits: RateLimits,
  bucket: string,
  atMs: number,
): { readonly headers: Readonly<Record<string, string>>; readonly refusal: RestAnswer | undefined } {
  const current = limits.windows.get(bucket);
  const fresh = { used: 0, endsAtMs: atMs + WINDOW_MS };
  const window = current === undefined || current.endsAtMs <= atMs ? fresh : current;
  const used = Math.min(window.used + 1, CALLS_PER_WINDOW + 1);
  limits.windows.set(bucket, { ...window, used });
  const leftSeconds = (window.endsAtMs - atMs) / 1000;
  const headers = {
    "x-ratelimit-limit": String(CALLS_PER_WINDOW),
    "x-ratelimit-remaining": String(Math.max(0, CALLS_PER_WINDOW - used)),
    "x-ratelimit-reset": (window.endsAtMs / 1000).toFixed(3),
    "x-ratelimit-reset-after": leftSeconds.toFixed(3),
    "x-ratelimit-bucket": hexOf(`bucket/${bucket}`),
  };
  if (used <= CALLS_PER_WINDOW) return { headers, refusal: undefined };
  const refusal = {
    status: 429,
    headers: { ...headers, "x-ratelimit-scope": "user", "retry-after": String(Math.ceil(leftSeconds)) },
    body: { message: "You are being rate limited.", retry_after: leftSeconds, global: false },
  };
  return { headers, refusal };
}
