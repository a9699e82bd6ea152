import { describe, expect, it } from "vitest";
import { Ledger } from "../src/ledger.ts";

interface Sent {
  readonly seqs: readonly number[];
  readonly acked: number;
  readonly epoch?: string;
  readonly content?: string;
}

function ledgerOf(...posts: readonly Sent[]): Ledger {
  const ledger = new Ledger();
  for (const { seqs, acked, epoch = "a", content = "x" } of posts) {
    const events = seqs.map((seq) => ({ seq, type: "voice.updated", content }));
    const body = JSON.stringify({ source: "1", epoch, events });
    ledger.sent(body);
    ledger.answered({ status: 200, answer: JSON.stringify({ acked }), ackedBefore: ledger.acked });
  }
  return ledger;
}

describe("the ledger", () => {
  it("finds nothing wrong with repeats that are the same", () => {
    const ledger = ledgerOf({ seqs: [1, 2], acked: 2 }, { seqs: [2, 3], acked: 3 });
    expect(ledger.findings).toEqual([]);
    expect(ledger.repeats).toBe(1);
    expect(ledger.committed()).toHaveLength(3);
  });

  it("finds a number with two contents", () => {
    const ledger = ledgerOf({ seqs: [1], acked: 1 }, { seqs: [1], acked: 1, content: "y" });
    expect(ledger.findings).toHaveLength(1);
  });

  it("finds a hole in what was acknowledged", () => {
    expect(ledgerOf({ seqs: [1], acked: 1 }, { seqs: [3], acked: 3 }).findings).toEqual([
      "2 was acknowledged and never sent",
    ]);
  });

  it("knows what was sent by a delivery that was never answered", () => {
    const ledger = ledgerOf({ seqs: [1], acked: 1 });
    ledger.sent(JSON.stringify({ source: "1", epoch: "a", events: [{ seq: 2, type: "voice.updated" }] }));
    expect(ledger.committed()).toHaveLength(1);
    ledger.answered({ status: 200, answer: '{"acked":2}', ackedBefore: 1 });
    expect(ledger.findings).toEqual([]);
    expect(ledger.committed()).toHaveLength(2);
    expect(ledger.posts).toBe(2);
  });

  it("finds a hub that goes back", () => {
    expect(ledgerOf({ seqs: [1, 2], acked: 2 }, { seqs: [2], acked: 1 }).findings).toHaveLength(1);
  });

  it("finds a worker that begins another log", () => {
    expect(ledgerOf({ seqs: [1], acked: 1 }, { seqs: [1], acked: 1, epoch: "b" }).findings).toHaveLength(1);
  });
});
