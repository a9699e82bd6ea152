/** Whether the receiver would take deliveries: it is reached, knows the path, and accepts the signature. */
import { REPLAY_WINDOW_S } from "@guildwire/events";
import { type Answer, outcomeOf } from "../delivery/outcome.ts";
import { type PingOutcome, ping } from "../delivery/ping.ts";
import type { Destination } from "../delivery/post.ts";
import { type ClockSample, clockFinding, clockSample, skewS } from "./clock-finding.ts";
import { advice, type Finding, fail, pass, skipped } from "./finding.ts";

const REACHED = "hub";
const SIGNATURE = "signature";
const CLOCK = "clock, hub";
/** `skewS` is the least that was proved: the true difference may be a slow answer more. */
const CLOCK_MARGIN_S = 10;

export async function hubFindings(destination: Destination, guildId: string): Promise<readonly Finding[]> {
  const sentAtMs = Date.now();
  const outcome = await ping(destination, guildId);
  const answeredAtMs = Date.now();
  const sample = outcome.ok ? clockSample(outcome.date, sentAtMs, answeredAtMs) : undefined;
  return [
    ...pingFindings(outcome, new URL(destination.url).host, answeredAtMs - sentAtMs, sample),
    ...(sample === undefined ? [] : [clockFinding(CLOCK, "the hub", sample)]),
  ];
}

/** What an answer to a ping means: pure. Without a `sample` the receiver's clock is not known. */
export function pingFindings(
  outcome: PingOutcome,
  host: string,
  tookMs: number,
  sample?: ClockSample,
): readonly Finding[] {
  if (!outcome.ok) {
    const remedy = "check HUB_ENDPOINT and that the hub runs and can be reached from here";
    return [
      fail(REACHED, "hubUnreachable", `${host}: ${outcome.detail}`, remedy),
      skipped(SIGNATURE, "needs the hub"),
    ];
  }
  const { answer } = outcome;
  const { status } = answer;
  const answered = pass(REACHED, `${host} answered ${status} after ${tookMs} ms`);
  const { kind, detail } = { detail: "", ...outcomeOf(answer, 0) };
  if (acceptsPing(answer)) return [answered, pass(SIGNATURE, "accepted")];
  if (status >= 200 && status < 300)
    return endpointFindings(`${host} answered ${status}, ${otherAnswer(answer)}`);
  switch (kind) {
    case "signatureRefused":
      return [answered, signatureFinding(detail, sample)];
    case "endpointWrong": {
      const why = status === 401 || status === 403 ? detail : "nobody takes deliveries there";
      return endpointFindings(`${host} answered ${status}: ${why}`);
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

/** Any page answers 200: only what the contract says for a ping shows that the signature was looked at. */
function acceptsPing({ status, text }: Answer): boolean {
  const json = jsonOf(text);
  if (status === 409) return json?.["want"] === "snapshot";
  if (status < 200 || status >= 300) return false;
  return json?.["pong"] === true || Number.isSafeInteger(json?.["acked"]);
}

const SHOWN_CHARACTERS_MAX = 60;

function otherAnswer({ text }: Answer): string {
  const begin = text.trim().replaceAll(/\s+/g, " ").slice(0, SHOWN_CHARACTERS_MAX);
  const shown = begin === "" ? "and nothing else" : `and then ${JSON.stringify(begin)}`;
  return `${shown}: not what a receiver of deliveries answers, {"pong":true}`;
}

function endpointFindings(detail: string): readonly Finding[] {
  const remedy = "correct HUB_ENDPOINT: for the hub https://<host>/api/internal/events";
  return [fail(REACHED, "endpointWrong", detail, remedy), skipped(SIGNATURE, "needs the endpoint")];
}

/** A clock that is wrong makes every signature wrong, so the secret is blamed only when the clocks allow it. */
function signatureFinding(detail: string, sample: ClockSample | undefined): Finding {
  const skew = sample === undefined ? 0 : Math.abs(skewS(sample));
  if (skew > REPLAY_WINDOW_S - CLOCK_MARGIN_S)
    return skipped(
      SIGNATURE,
      `the clocks differ by ${Math.round(skew)} s: no signature is accepted before they agree`,
    );
  const secret = "make HUB_SECRET the same on both sides";
  const remedy = sample === undefined ? `${secret}; if it is, compare the clocks` : secret;
  return fail(SIGNATURE, "signatureRefused", detail, remedy);
}

function jsonOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === "object" && json !== null ? (json as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
