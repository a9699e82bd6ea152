/**
 * Finds the one event that makes a receiver refuse a batch: pure. A batch is halved in order until a single event is
 * left, and only a single event that was refused long enough, while others pass, is held to be the cause.
 *
 *   refused batch 1–256 → 1–128 refused → 1–64 taken → 65–96 … → 77 alone, refused 5 times in a minute → park 77
 *
 * Two kinds of trouble make a batch suspect:
 *   refused   400, 413, 415, 422: the receiver says that it is the content. Halved at once.
 *   failing   a 5xx that is no overload: may be an event that makes the receiver crash, may be a receiver that is down.
 *             Halved only after as long as a single event would be tried, and parked only when something else was taken
 *             since. If nothing was, the last event that was ever taken is sent once more, to see whether it passes.
 * Whoever is unreachable, busy, or does not accept the signature says nothing about the event.
 */
import type { Outcome } from "./outcome.ts";

export const PARK_TRIES_MIN = 5;
export const PARK_AFTER_MS = 60_000;

export interface Suspicion {
  readonly cause: "refused" | "failing";
  /** If there is a bad event, it is one of these. */
  readonly firstSeq: number;
  readonly lastSeq: number;
  /** The next batch ends here. */
  readonly sendThroughSeq: number;
  /** Attempts at `firstSeq` to `sendThroughSeq` that failed, and when the first of them did. */
  readonly tries: number;
  readonly sinceMs: number;
  /** Something else was taken since the trouble began. */
  readonly othersPass: boolean;
}

export interface SentRange {
  readonly firstSeq: number;
  readonly lastSeq: number;
}

/** 503 says "not now", 504 that a proxy waited in vain; the others may be a crash that the event caused. */
const OVERLOAD = [503, 504];

export function causeOf(outcome: Outcome): Suspicion["cause"] | null {
  if (outcome.kind === "contentRefused") return "refused";
  const isCrash = outcome.kind === "busy" && outcome.status >= 500 && !OVERLOAD.includes(outcome.status);
  return isCrash ? "failing" : null;
}

/** What a refusal of `sent` adds to what is suspected. */
export function afterRefusal(
  before: Suspicion | null,
  sent: SentRange,
  cause: Suspicion["cause"],
  nowMs: number,
): Suspicion {
  const again =
    before?.firstSeq === sent.firstSeq && before.sendThroughSeq === sent.lastSeq && before.tries > 0;
  const halving = before !== null && before.sendThroughSeq < before.lastSeq;
  const seen: Suspicion = {
    cause,
    ...sent,
    sendThroughSeq: sent.lastSeq,
    tries: again ? before.tries + 1 : 1,
    sinceMs: again ? before.sinceMs : nowMs,
    othersPass: before?.othersPass ?? false,
  };
  const isSingle = sent.firstSeq === sent.lastSeq;
  return !isSingle && (cause === "refused" || halving || isDue(seen, nowMs)) ? halved(seen) : seen;
}

/** What remains suspected when everything up to `acked` was taken. */
export function afterTaken(before: Suspicion | null, acked: number): Suspicion | null {
  if (before === null || acked >= before.lastSeq) return null;
  if (acked < before.firstSeq) return before;
  return halved({ ...before, firstSeq: acked + 1, othersPass: true });
}

/** Tried often enough and long enough for a single event to be given up. */
export function isDue({ tries, sinceMs }: Suspicion, nowMs: number): boolean {
  return tries >= PARK_TRIES_MIN && nowMs - sinceMs >= PARK_AFTER_MS;
}

function halved(suspicion: Suspicion): Suspicion {
  const { firstSeq, lastSeq } = suspicion;
  return { ...suspicion, sendThroughSeq: Math.floor((firstSeq + lastSeq) / 2), tries: 0 };
}
