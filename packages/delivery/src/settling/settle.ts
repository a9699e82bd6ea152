/**
 * What an attempt's outcome means for one receiver's place in a stream, and for the next attempt: pure.
 *
 *   outcome           cursor and log                          next
 *   ────────────────  ──────────────────────────────────────  ────────────────────────────────────────────
 *   delivered         acknowledge                             what waits, at once
 *   … beyond the top  multi form: a new epoch, once; else the receiver is stopped (E013)
 *   snapshotWanted    state: append a snapshot                the newest events up to it, at once the first time;
 *                                                             asked again: the snapshot alone
 *                     fact: record what may be lost           the record and what waits
 *   fromWanted        the cursor goes there                   what follows it
 *   fenced            the stream is another process's         nothing
 *   contentRefused    –                                       a batch: half of it; one event: again, then park
 *   … with 413        –                                       a batch: of half the bytes, from now on
 *   busy (a crash)    –                                       the same; after a minute half of it
 *   signatureRefused, endpointWrong, busy, unreachable        the same body under the same id
 *
 * Rules:
 *   SETTLE-1  Nothing is acknowledged that the receiver did not acknowledge; order is kept in every branch.
 *   SETTLE-2  After a failure there is a wait, also before a half; a smaller batch waits as after a first failure.
 *   SETTLE-3  A tombstone is never parked: a receiver that refuses even that refuses everything.
 *   SETTLE-4  A probe (an event that was acknowledged before, sent once more) changes only what is suspected.
 *   SETTLE-5  A lane without parking suspects no event: it sends the same again.
 */
import type { StreamKind } from "../stream.ts";
import type { Outcome } from "./outcome.ts";
import { interactionDelayMs, retryDelayMs } from "./retry-policy.ts";
import { afterRefusal, afterTaken, causeOf, isDue, type Suspicion } from "./suspicion.ts";

export interface SendState {
  /** Consecutive attempts that did not move the cursor. */
  readonly failures: number;
  /** Halved by every 413, for the life of the process. */
  readonly batchBytesMax: number;
  readonly suspicion: Suspicion | null;
  /** Snapshots or places asked for since something was last acknowledged. */
  readonly requests: number;
  /** A new epoch was begun for this receiver, and nothing was acknowledged since. */
  readonly restarted: boolean;
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
  readonly kind: StreamKind;
  readonly isMulti: boolean;
  /** `false` in the lane of interactions. */
  readonly mayPark: boolean;
  /** Last number given out. */
  readonly top: number;
  /** An event that was acknowledged before is at hand. */
  readonly canProbe: boolean;
}

/** What happens to the cursor and the log. */
export type Verdict =
  | { readonly kind: "keep" }
  | { readonly kind: "acknowledge"; readonly throughSeq: number }
  /** The receiver is ahead of this log, which must be an old copy of itself. */
  | { readonly kind: "newEpoch" }
  /** The receiver acknowledged what was never sent: nothing more is sent to it. */
  | { readonly kind: "stop"; readonly acked: number }
  /** `alone`: with one at the end of what waits the receiver could not continue, so nothing else is sent. */
  | { readonly kind: "snapshot"; readonly alone: boolean }
  /** A fact stream continues behind a record of what may be lost. */
  | { readonly kind: "reset" }
  | { readonly kind: "rewind"; readonly epoch: string; readonly seq: number }
  | { readonly kind: "fenced"; readonly fence: number }
  | { readonly kind: "park"; readonly seq: number; readonly reason: string; readonly tries: number };

export interface Settled {
  readonly state: SendState;
  readonly verdict: Verdict;
  /** `same`: the very same body. `fresh`: composed anew. `probe`: the last batch that was acknowledged. */
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
    case "snapshotWanted":
      return settleRequest(
        state,
        outcome,
        facts,
        facts.kind === "state" ? { kind: "snapshot", alone: state.requests > 0 } : { kind: "reset" },
      );
    case "fromWanted":
      return settleRequest(state, outcome, facts, { kind: "rewind", epoch: outcome.epoch, seq: outcome.seq });
    case "fenced":
      return failure(state, outcome, facts, "fresh", { kind: "fenced", fence: outcome.fence });
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
  if (acked > facts.top) {
    if (facts.isMulti && !state.restarted) {
      return { ...moved({ ...state, suspicion: null, restarted: true }), verdict: { kind: "newEpoch" } };
    }
    return failure(state, outcome, facts, "same", { kind: "stop", acked });
  }
  if (acked < sent.firstSeq) return failure(state, outcome, facts, "same", KEEP);
  const throughSeq = Math.min(acked, sent.lastSeq);
  const next = { ...state, suspicion: afterTaken(state.suspicion, throughSeq), restarted: false };
  return { ...moved(next), verdict: { kind: "acknowledge", throughSeq } };
}

/** The first request is granted at once: what is sent next is another message. */
function settleRequest(state: SendState, outcome: Outcome, facts: SettleFacts, verdict: Verdict): Settled {
  const next = { ...state, suspicion: null, requests: state.requests + 1 };
  const settled = failure(next, outcome, facts, "fresh", verdict);
  const mayBeAtOnce = "retryAfterMs" in outcome && outcome.retryAfterMs === null;
  return state.requests === 0 && mayBeAtOnce ? { ...settled, retryInMs: 0 } : settled;
}

function settleFailure(state: SendState, sent: Sent, outcome: Outcome, facts: SettleFacts): Settled {
  const cause = causeOf(outcome);
  if (cause === null || sent.isTombstone || !facts.mayPark) {
    return failure(state, outcome, facts, "same", KEEP);
  }
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

/** The cursor moved on, or the log is another one. */
function moved(state: SendState): Omit<Settled, "verdict"> {
  return { state: { ...state, failures: 0, requests: 0 }, next: "fresh", retryInMs: null };
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
  { roll, mayPark }: SettleFacts,
  next: Settled["next"],
  verdict: Verdict,
): Settled {
  const state = { ...before, failures: before.failures + 1 };
  const retryInMs = mayPark
    ? retryDelayMs(outcome, state.failures, roll, state.requests)
    : interactionDelayMs(state.failures);
  return { state, verdict, next, retryInMs };
}

function isTooLarge(outcome: Outcome): boolean {
  return outcome.kind === "contentRefused" && outcome.status === 413;
}

function reasonOf(outcome: Outcome): string {
  return "status" in outcome ? `${outcome.status}: ${outcome.detail}` : outcome.kind;
}
