/** Whether the receiver would take deliveries: it is reached, knows the path, and accepts the signature. */
import { outcomeOf } from "../delivery/outcome.ts";
import { type PingOutcome, ping } from "../delivery/ping.ts";
import type { Destination } from "../delivery/post.ts";
import { clockFinding, clockSample } from "./clock-finding.ts";
import { advice, type Finding, fail, pass, skipped } from "./finding.ts";

const REACHED = "hub";
const SIGNATURE = "signature";
const CLOCK = "clock, hub";

export async function hubFindings(destination: Destination, guildId: string): Promise<readonly Finding[]> {
  const sentAtMs = Date.now();
  const outcome = await ping(destination, guildId);
  const answeredAtMs = Date.now();
  const sample = outcome.ok ? clockSample(outcome.date, sentAtMs, answeredAtMs) : undefined;
  return [
    ...pingFindings(outcome, new URL(destination.url).host, answeredAtMs - sentAtMs),
    ...(sample === undefined ? [] : [clockFinding(CLOCK, "the hub", sample)]),
  ];
}

/** What an answer to a ping says: pure. */
export function pingFindings(outcome: PingOutcome, host: string, tookMs: number): readonly Finding[] {
  if (!outcome.ok) {
    const remedy = "check HUB_ENDPOINT and that the hub runs and can be reached from here";
    return [
      fail(REACHED, "hubUnreachable", `${host}: ${outcome.detail}`, remedy),
      skipped(SIGNATURE, "needs the hub"),
    ];
  }
  const { status, text } = outcome;
  const answered = pass(REACHED, `${host} answered ${status} after ${tookMs} ms`);
  const { kind, detail } = { detail: "", ...outcomeOf({ status, retryAfter: null, text }, 0) };
  const isGood = status >= 200 && status < 300;
  if (isGood || kind === "snapshotWanted") return [answered, pass(SIGNATURE, "accepted")];
  switch (kind) {
    case "signatureRefused": {
      const remedy = "make HUB_SECRET the same on both sides; if it is, compare the clocks";
      return [answered, fail(SIGNATURE, "signatureRefused", detail, remedy)];
    }
    case "endpointWrong": {
      const remedy = "correct HUB_ENDPOINT: for the hub https://<host>/api/internal/events";
      return [
        fail(REACHED, "endpointWrong", `${host} answered ${status}: nobody takes deliveries there`, remedy),
        skipped(SIGNATURE, "needs the endpoint"),
      ];
    }
    case "contentRefused": {
      const remedy =
        "let it answer a delivery without events (docs/events.md#a-ping), or trust the first event";
      return [answered, advice(SIGNATURE, `the receiver does not know pings (${status})`, remedy)];
    }
    default:
      return [
        fail(REACHED, "hubUnreachable", `${host} answered ${status}: ${detail}`, "look at the hub's log"),
        skipped(SIGNATURE, "the hub did not get that far"),
      ];
  }
}
