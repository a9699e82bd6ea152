/**
 * What an attempt's outcome means for the log and for the next attempt: pure.
 *
 *   outcome           log                                  next
 *   ────────────────  ───────────────────────────────────  ─────────────────────────────────────────────
 *   delivered         acknowledge; beyond the log: epoch   what waits, at once
 *   snapshotWanted    append a snapshot                    the newest events up to it, at once the first time;
 *                                                           asked again: it alone
 *   contentRefused    –                                    a batch: half of it; one event: again, then park
 *   … with 413        –                                    a batch: of half the bytes, from now on
 *   busy (a crash)    –                                    the same; after a minute half of it
 *   signatureRefused, endpointWrong, busy, unreachable     the same body under the same id
 *
 * Rules:
 *   S1  Nothing is acknowledged that the receiver did not acknowledge; order is kept in every branch.
 *   S2  After a failure there is a wait, also before a half; a smaller batch waits as after a first failure.
 *   S3  A tombstone is never parked: who refuses even that refuses everything, and that is the endpoint's fault.
 *   S4  A probe (an event that was taken before, sent once more) changes nothing but what is suspected.
 */
import type { Outcome } from "./outcome.ts";
import { retryDelayMs } from "./retry-policy.ts";
import { afterRefusal, afterTaken, causeOf, isDue, type Suspicion } from "./suspicion.ts";

export interface SendState {
  /** Consecutive attempts that did not move the log on. */
  readonly failures: number;
  /** Halved by every 413, for the life of the process. */
  readonly batchBytesMax: number;
  readonly suspicion: Suspicion | null;
  /** Snapshots asked for since something was last taken. */
  readonly wishes: number;
}

/** What was sent. */
export interface Sent {
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly bytes: number;
  /** It is a tombstone and nothing else. */
  readonly isTombstone: boolean;
  readonly isProbe: boolean;
}

export interface SettleFacts {
  readonly nowMs: number;
  /** From 0 to 1. */
  readonly roll: number;
  /** Last number given out. */
  readonly logLastSeq: number;
  /** An event that was taken before is at hand. */
  readonly canProbe: boolean;
}

/** What happens to the log. */
export type Verdict =
  | { readonly kind: "keep" }
  | { readonly kind: "acknowledge"; readonly throughSeq: number }
  /** The receiver is ahead of this log, which must be an old copy of itself. */
  | { readonly kind: "newEpoch" }
  /** `alone`: with one at the end of what waits the receiver could not go on, so nothing else is sent. */
  | { readonly kind: "snapshot"; readonly alone: boolean }
  | { readonly kind: "park"; readonly seq: number; readonly reason: string; readonly tries: number };

export interface Settled {
  readonly state: SendState;
  readonly verdict: Verdict;
  /** `same`: the very same body. `fresh`: composed anew. `probe`: the last event that was taken. */
  readonly next: "same" | "fresh" | "probe";
  /** `null` when the attempt moved things on. */
  readonly retryInMs: number | null;
}

/** A batch is not made smaller than this for its bytes; what is still refused is looked for event by event. */
const BATCH_BYTES_FLOOR = 4_096;
const KEEP: Verdict = { kind: "keep" };

export function settle(state: SendState, sent: Sent, outcome: Outcome, facts: SettleFacts): Settled {
  if (sent.isProbe) return settleProbe(state, outcome, facts);
  switch (outcome.kind) {
    case "delivered":
      return settleAnswer(state, sent, outcome.acked, outcome, facts);
    case "snapshotWanted": {
      const next = { ...state, suspicion: null, wishes: state.wishes + 1 };
      const failed = failure(next, outcome, facts, "fresh", { kind: "snapshot", alone: state.wishes > 0 });
      // The first wish is granted at once: what goes out next is another message.
      return state.wishes === 0 && outcome.retryAfterMs === null ? { ...failed, retryInMs: 0 } : failed;
    }
    case "contentRefused":
    case "busy":
    case "signatureRefused":
    case "endpointWrong":
    case "unreachable":
      return settleFailure(state, sent, outcome, facts);
  }
}

function settleAnswer(
  state: SendState,
  sent: Sent,
  acked: number,
  outcome: Outcome,
  facts: SettleFacts,
): Settled {
  if (acked > facts.logLastSeq) {
    return moved({ ...state, suspicion: null }, { kind: "newEpoch" });
  }
  if (acked < sent.firstSeq) return failure(state, outcome, facts, "same", KEEP);
  const throughSeq = Math.min(acked, sent.lastSeq);
  return moved(
    { ...state, suspicion: afterTaken(state.suspicion, throughSeq) },
    { kind: "acknowledge", throughSeq },
  );
}

function settleFailure(state: SendState, sent: Sent, outcome: Outcome, facts: SettleFacts): Settled {
  const cause = causeOf(outcome);
  if (cause === null || sent.isTombstone) return failure(state, outcome, facts, "same", KEEP);
  const isSingle = sent.firstSeq === sent.lastSeq;
  if (isTooLarge(outcome) && !isSingle && state.batchBytesMax > BATCH_BYTES_FLOOR) {
    const bytes = Math.min(state.batchBytesMax, sent.bytes);
    const batchBytesMax = Math.max(BATCH_BYTES_FLOOR, Math.floor(bytes / 2));
    return smaller({ ...state, batchBytesMax }, outcome, facts);
  }
  const range = { firstSeq: sent.firstSeq, lastSeq: sent.lastSeq };
  const suspicion = afterRefusal(state.suspicion, range, cause, facts.nowMs);
  const next: SendState = { ...state, suspicion };
  if (suspicion.sendThroughSeq < sent.lastSeq) return smaller(next, outcome, facts);
  if (!isSingle || !isDue(suspicion, facts.nowMs)) return failure(next, outcome, facts, "same", KEEP);
  if (cause === "failing" && !suspicion.othersPass) {
    return failure(next, outcome, facts, facts.canProbe ? "probe" : "same", KEEP);
  }
  const verdict: Verdict = {
    kind: "park",
    seq: sent.firstSeq,
    reason: reasonOf(outcome),
    tries: suspicion.tries,
  };
  return { ...smaller({ ...next, suspicion: null }, outcome, facts), verdict };
}

function settleProbe(state: SendState, outcome: Outcome, facts: SettleFacts): Settled {
  const { suspicion } = state;
  const passed = outcome.kind === "delivered" && suspicion !== null;
  const next = passed ? { ...state, suspicion: { ...suspicion, othersPass: true } } : state;
  return failure(next, outcome, facts, "fresh", KEEP);
}

/** The log moved on, or is another one. */
function moved(state: SendState, verdict: Verdict): Settled {
  return { state: { ...state, failures: 0, wishes: 0 }, verdict, next: "fresh", retryInMs: null };
}

/** Another, smaller message: it begins at the foot of the ladder. */
function smaller(state: SendState, outcome: Outcome, facts: SettleFacts): Settled {
  return {
    state: { ...state, failures: state.failures + 1 },
    verdict: KEEP,
    next: "fresh",
    retryInMs: retryDelayMs(outcome, 1, facts.roll),
  };
}

function failure(
  before: SendState,
  outcome: Outcome,
  { roll }: SettleFacts,
  next: Settled["next"],
  verdict: Verdict,
): Settled {
  const state = { ...before, failures: before.failures + 1 };
  return { state, verdict, next, retryInMs: retryDelayMs(outcome, state.failures, roll) };
}

function isTooLarge(outcome: Outcome): boolean {
  return outcome.kind === "contentRefused" && outcome.status === 413;
}

function reasonOf(outcome: Outcome): string {
  return "status" in outcome ? `${outcome.status}: ${outcome.detail}` : outcome.kind;
}
