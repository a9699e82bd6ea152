import { hexOf } from "@guildwire/runtime/random";
import type { RestAnswer } from "./rest-answer.ts";

/**
 * Discord's rate limits: each bucket allows so many calls per window and major parameter (the channel or the server of
 * the path), every answer says how many are left, and all calls together have a limit of their own.
 */
export interface RateLimits {
  readonly windows: Map<string, Window>;
  global: Window;
}

interface Window {
  readonly used: number;
  readonly endsAtMs: number;
}

/** Several routes may share a bucket. */
export interface Bucket {
  readonly name: string;
  readonly calls: number;
  readonly windowMs: number;
}

export function newRateLimits(): RateLimits {
  return { windows: new Map(), global: { used: 0, endsAtMs: 0 } };
}

/** Windows that have ended are forgotten when there are more than this. */
const WINDOWS_MAX = 5000;

/** Counts one call; `refusal` is the 429 answer when the bucket's or the global window is used up. */
export function spendCall(
  limits: RateLimits,
  bucket: Bucket,
  major: string,
  /** `undefined` for calls that the limit of all calls together does not count. */
  callsPerSecondMax: number | undefined,
  atMs: number,
): { readonly headers: Readonly<Record<string, string>>; readonly refusal: RestAnswer | undefined } {
  const window = spent(limits.windows.get(`${bucket.name}/${major}`), bucket.calls, bucket.windowMs, atMs);
  limits.windows.set(`${bucket.name}/${major}`, window);
  if (limits.windows.size > WINDOWS_MAX) forgetEnded(limits, atMs);
  const headers = headersOf(bucket, window, atMs);
  if (window.used > bucket.calls) {
    return { headers, refusal: tooMany(headers, "user", (window.endsAtMs - atMs) / 1000) };
  }
  if (callsPerSecondMax === undefined) return { headers, refusal: undefined };
  limits.global = spent(limits.global, callsPerSecondMax, 1000, atMs);
  if (limits.global.used <= callsPerSecondMax) return { headers, refusal: undefined };
  return { headers, refusal: globalRefusal((limits.global.endsAtMs - atMs) / 1000) };
}

/** Counts one call in a limit that no header tells of. */
export function spendHidden(
  limits: RateLimits,
  bucket: Bucket,
  major: string,
  atMs: number,
): { readonly refusal: { readonly retryAfterSeconds: number } | undefined } {
  const key = `${bucket.name}/${major}`;
  const window = spent(limits.windows.get(key), bucket.calls, bucket.windowMs, atMs);
  limits.windows.set(key, window);
  const isOver = window.used > bucket.calls;
  return { refusal: isOver ? { retryAfterSeconds: (window.endsAtMs - atMs) / 1000 } : undefined };
}

/** The bucket's own limit, as if it were used up. */
export function userRefusal(bucket: Bucket, atMs: number): RestAnswer {
  const window = { used: bucket.calls + 1, endsAtMs: atMs + STAGED_RETRY_MS };
  return tooMany(headersOf(bucket, window, atMs), "user", STAGED_RETRY_MS / 1000);
}

/** With decimals, as Discord has them: a client that rounds down comes too soon. */
const STAGED_RETRY_MS = 1337;

/** What stands before Discord's API has had enough of an address: no JSON, and no limit headers. */
export function edgeRefusal(): RestAnswer {
  return {
    status: 429,
    headers: { "retry-after": "2" },
    html: "<html><head><title>Access denied | discord.com used Cloudflare</title></head><body>error code: 1015</body></html>",
  };
}

export function globalRefusal(retryAfterSeconds: number): RestAnswer {
  return tooMany({ "x-ratelimit-global": "true" }, "global", retryAfterSeconds);
}

/** The resource is busy for everybody: calls remain in the bucket, and `retry_after` alone is to be obeyed. */
export function sharedRefusal(bucket: Bucket, atMs: number): RestAnswer {
  const window = { used: 1, endsAtMs: atMs + bucket.windowMs };
  return tooMany(headersOf(bucket, window, atMs), "shared", SHARED_RETRY_SECONDS);
}

/** Longer than any bucket's window, and short enough to wait for in a test. */
const SHARED_RETRY_SECONDS = 1.25;

function spent(before: Window | undefined, callsMax: number, windowMs: number, atMs: number): Window {
  const current =
    before === undefined || before.endsAtMs <= atMs ? { used: 0, endsAtMs: atMs + windowMs } : before;
  return { ...current, used: Math.min(current.used + 1, callsMax + 1) };
}

function headersOf(bucket: Bucket, window: Window, atMs: number): Readonly<Record<string, string>> {
  return {
    "x-ratelimit-limit": String(bucket.calls),
    "x-ratelimit-remaining": String(Math.max(0, bucket.calls - window.used)),
    "x-ratelimit-reset": (window.endsAtMs / 1000).toFixed(3),
    "x-ratelimit-reset-after": ((window.endsAtMs - atMs) / 1000).toFixed(3),
    "x-ratelimit-bucket": hexOf(`bucket/${bucket.name}`),
  };
}

function tooMany(
  headers: Readonly<Record<string, string>>,
  scope: "user" | "global" | "shared",
  retryAfterSeconds: number,
): RestAnswer {
  return {
    status: 429,
    headers: {
      ...headers,
      "x-ratelimit-scope": scope,
      "retry-after": String(Math.ceil(retryAfterSeconds)),
    },
    body: {
      message: scope === "shared" ? "The resource is being rate limited." : "You are being rate limited.",
      retry_after: retryAfterSeconds,
      global: scope === "global",
    },
  };
}

function forgetEnded(limits: RateLimits, atMs: number): void {
  for (const [key, window] of limits.windows) if (window.endsAtMs <= atMs) limits.windows.delete(key);
}
