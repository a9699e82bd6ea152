import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Outcome } from "../../src/settling/outcome.ts";
import { type SendState, type Sent, settle } from "../../src/settling/settle.ts";

const EVENTS = 40;
const ATTEMPTS_MAX = 2_000;
const START: SendState = {
  failures: 0,
  batchBytesMax: 1_000_000,
  suspicion: null,
  requests: 0,
  restarted: false,
};
const FACTS = { kind: "state", isMulti: false, mayPark: true } as const;

const trouble = fc.oneof(
  fc.constant<Outcome>({ kind: "unreachable", detail: "ECONNRESET" }),
  fc.constant<Outcome>({ kind: "busy", status: 503, detail: "", retryAfterMs: 7_000 }),
  fc.constant<Outcome>({ kind: "busy", status: 500, detail: "", retryAfterMs: null }),
  fc.constant<Outcome>({ kind: "signatureRefused", status: 401, detail: "", retryAfterMs: null }),
  fc.constant<Outcome>({ kind: "endpointWrong", status: 404, detail: "", retryAfterMs: null }),
);

function rangeOf({ firstSeq, lastSeq }: Sent): readonly number[] {
  return Array.from({ length: lastSeq - firstSeq + 1 }, (_, index) => firstSeq + index);
}

/** What is sent next: what waits as far as it is suspected, or the last event that was taken. */
function nextSent(state: SendState, acked: number, parked: readonly number[], isProbe: boolean): Sent {
  if (isProbe) return { firstSeq: acked, lastSeq: acked, bytes: 100, isTombstone: false, isProbe };
  const lastSeq = Math.min(EVENTS, state.suspicion?.sendThroughSeq ?? EVENTS);
  const isTombstone = lastSeq === acked + 1 && parked.includes(lastSeq);
  return { firstSeq: acked + 1, lastSeq, bytes: 100, isTombstone, isProbe };
}

interface Run {
  readonly taken: readonly number[];
  readonly parked: readonly number[];
  readonly waitsMs: readonly number[];
}

/** Plays the log of 40 events against a receiver that never takes the poison, and has its own troubles at first. */
function play(poison: ReadonlySet<number>, refusal: Outcome, troubles: readonly Outcome[]): Run {
  const pending = [...troubles];
  const taken: number[] = [];
  const parked: number[] = [];
  const waitsMs: number[] = [];
  const isBad = (seq: number) => poison.has(seq) && !parked.includes(seq);
  let state = START;
  let acked = 0;
  let nowMs = 0;
  let probe = false;
  for (let attempt = 0; attempt < ATTEMPTS_MAX && acked < EVENTS; attempt += 1) {
    const sent = nextSent(state, acked, parked, probe);
    const range = rangeOf(sent);
    const outcome: Outcome =
      pending.shift() ?? (range.some(isBad) ? refusal : { kind: "delivered", acked: sent.lastSeq });
    const settled = settle(state, sent, outcome, {
      nowMs,
      roll: 1,
      top: EVENTS,
      ...FACTS,
      canProbe: acked > 0,
    });
    state = settled.state;
    probe = settled.next === "probe";
    waitsMs.push(settled.retryInMs ?? 0);
    nowMs += settled.retryInMs ?? 0;
    const { verdict } = settled;
    if (verdict.kind === "park") parked.push(verdict.seq);
    if (verdict.kind !== "acknowledge") continue;
    taken.push(...range.filter((seq) => seq <= verdict.throughSeq));
    acked = verdict.throughSeq;
  }
  return { taken, parked, waitsMs };
}

describe("whatever a receiver answers", () => {
  const poisons = fc.uniqueArray(fc.integer({ min: 1, max: EVENTS }), { maxLength: 6 });
  const all = Array.from({ length: EVENTS }, (_, index) => index + 1);

  it("every event is taken in order once the trouble is over, and only what is refused is parked", () => {
    const refusal: Outcome = { kind: "contentRefused", status: 400, detail: "", retryAfterMs: null };
    fc.assert(
      fc.property(poisons, fc.array(trouble, { maxLength: 30 }), (poison, troubles) => {
        const { taken, parked } = play(new Set(poison), refusal, troubles);
        expect(taken).toEqual(all);
        expect(parked).toEqual(poison.toSorted((a, b) => a - b));
      }),
    );
  });

  it("an event that makes it crash is parked, unless nothing was ever seen to pass", () => {
    const crash: Outcome = { kind: "busy", status: 500, detail: "", retryAfterMs: null };
    fc.assert(
      fc.property(poisons, fc.array(trouble, { maxLength: 30 }), (poison, troubles) => {
        const { taken, parked } = play(new Set(poison), crash, troubles);
        if (poison.includes(1)) expect([taken, parked]).toEqual([[], []]);
        else expect([taken, parked]).toEqual([all, poison.toSorted((a, b) => a - b)]);
      }),
    );
  });

  it("it is never asked again before its own wish and the back-off allow", () => {
    const crash: Outcome = { kind: "busy", status: 500, detail: "", retryAfterMs: 9_000 };
    fc.assert(
      fc.property(poisons, (poison) => {
        const { waitsMs, taken } = play(new Set(poison), crash, []);
        const acknowledgements = waitsMs.filter((ms) => ms === 0).length;
        expect(waitsMs.filter((ms) => ms > 0 && ms < 500)).toEqual([]);
        expect(acknowledgements).toBeLessThanOrEqual(taken.length);
      }),
    );
  });
});
