/**
 * Invalid requests: 401, 403 and 429, shared 429 excepted. Discord bans an address at 10,000 of them in 10 minutes.
 * They are counted in spans of 10 s, each of which counts until its whole span is 10 minutes old.
 * Source: https://discord.com/developers/docs/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans
 */
const WINDOW_MS = 10 * 60_000;
const SPAN_MS = 10_000;

export interface InvalidSpan {
  readonly fromMs: number;
  readonly count: number;
}

/** Oldest first; at most 61. */
export type InvalidRequests = readonly InvalidSpan[];

export function addInvalid(requests: InvalidRequests, nowMs: number): InvalidRequests {
  const current = within(requests, nowMs);
  const last = current.at(-1);
  if (last !== undefined && nowMs < last.fromMs + SPAN_MS) {
    return [...current.slice(0, -1), { ...last, count: last.count + 1 }];
  }
  return [...current, { fromMs: nowMs, count: 1 }];
}

/** Adds what an earlier process had counted. */
export function mergeInvalid(requests: InvalidRequests, earlier: InvalidRequests): InvalidRequests {
  return [...earlier, ...requests].toSorted((a, b) => a.fromMs - b.fromMs);
}

export function invalidCount(requests: InvalidRequests, nowMs: number): number {
  return within(requests, nowMs).reduce((sum, { count }) => sum + count, 0);
}

/** When one more request may be sent, if each of `inFlight` turns out invalid. `Infinity`: once an answer is here. */
export function invalidFreeAtMs(
  requests: InvalidRequests,
  max: number,
  inFlight: number,
  nowMs: number,
): number {
  let count = invalidCount(requests, nowMs) + inFlight;
  if (count < max) return nowMs;
  for (const span of within(requests, nowMs)) {
    count -= span.count;
    if (count < max) return span.fromMs + SPAN_MS + WINDOW_MS;
  }
  return Number.POSITIVE_INFINITY;
}

function within(requests: InvalidRequests, nowMs: number): InvalidRequests {
  return requests.filter(({ fromMs }) => fromMs + SPAN_MS + WINDOW_MS > nowMs);
}
