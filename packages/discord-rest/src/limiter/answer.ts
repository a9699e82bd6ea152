/**
 * What an answer of Discord says about limits. Units: Discord's headers and bodies are in seconds with decimals, ours in
 * milliseconds. Source: https://discord.com/developers/docs/topics/rate-limits
 */
import { EDGE_PAUSE_MS, UNNAMED_PAUSE_MS } from "./limits.ts";

export interface BucketFacts {
  readonly hash: string;
  readonly limit: number;
  readonly remaining: number;
  readonly resetAfterMs: number;
  /** By Discord's clock: the same value in all answers of one window. `null` without the header. */
  readonly resetEpochMs: number | null;
}

/** Who refused with 429, and for how long. `edge`: Cloudflare, before the request came to Discord. */
export interface Refusal {
  readonly scope: "user" | "global" | "shared" | "edge";
  readonly retryAfterMs: number;
}

export interface Answer {
  readonly status: number;
  readonly bucket: BucketFacts | null;
  /** Only with 429. */
  readonly refusal: Refusal | null;
}

export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Reads headers (names in lower case) and, for 429, the parsed body. */
export function readAnswer(status: number, headers: Headers, body: unknown): Answer {
  return { status, bucket: readBucket(headers), refusal: status === 429 ? readRefusal(headers, body) : null };
}

function readBucket(headers: Headers): BucketFacts | null {
  const hash = text(headers, "x-ratelimit-bucket");
  const limit = number(headers, "x-ratelimit-limit");
  const remaining = number(headers, "x-ratelimit-remaining");
  const resetAfterS = number(headers, "x-ratelimit-reset-after");
  if (
    hash === undefined ||
    hash === "" ||
    limit === undefined ||
    remaining === undefined ||
    resetAfterS === undefined
  ) {
    return null;
  }
  const resetEpochS = number(headers, "x-ratelimit-reset");
  return {
    hash,
    limit: Math.max(1, Math.floor(limit)),
    remaining: Math.max(0, Math.floor(remaining)),
    resetAfterMs: Math.max(0, millis(resetAfterS)),
    resetEpochMs: resetEpochS === undefined ? null : millis(resetEpochS),
  };
}

/** Discord's own refusal has its JSON body, and its headers or its `via`; anything else was written by Cloudflare. */
function readRefusal(headers: Headers, body: unknown): Refusal {
  const form = typeof body === "object" && body !== null ? (body as Readonly<Record<string, unknown>>) : {};
  const headerS = number(headers, "retry-after");
  const bodyS = form["retry_after"];
  const named = text(headers, "x-ratelimit-scope");
  const isGlobal = form["global"] === true || text(headers, "x-ratelimit-global") === "true";
  const isDiscord =
    typeof bodyS === "number" &&
    (named !== undefined || isGlobal || text(headers, "via") !== undefined || readBucket(headers) !== null);
  if (!isDiscord) return { scope: "edge", retryAfterMs: pauseMs(headerS, EDGE_PAUSE_MS) };
  const retryAfterMs = pauseMs(bodyS, UNNAMED_PAUSE_MS);
  if (isGlobal || named === "global") return { scope: "global", retryAfterMs };
  return { scope: named === "shared" ? "shared" : "user", retryAfterMs };
}

function pauseMs(seconds: number | undefined, otherwiseMs: number): number {
  return seconds === undefined || !Number.isFinite(seconds) || seconds < 0 ? otherwiseMs : millis(seconds);
}

/** Whole milliseconds; Discord gives no finer ones. */
function millis(seconds: number): number {
  return Math.round(seconds * 1_000);
}

function text(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  return typeof value === "object" ? value[0] : value;
}

function number(headers: Headers, name: string): number | undefined {
  const value = text(headers, name);
  if (value === undefined || value.trim() === "") return undefined;
  const parsed = Number(value);
  return Number.isFinite(parsed) ? parsed : undefined;
}
