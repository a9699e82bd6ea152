/** Whether the receiver would take deliveries: it is reached, knows the path, and accepts the signature. */
import { type Answer, outcomeOf, type PingOutcome, type Proxies, ping } from "@guildwire/delivery";
import { REPLAY_WINDOW_S } from "@guildwire/events";
import type { ReceiverConfig } from "../environment/receivers.ts";
import { type ClockSample, clockFinding, clockSample, skewS } from "./clock-finding.ts";
import { advice, type Finding, fail, pass, skipped } from "./finding.ts";

/** How findings about a receiver are called, and where its configuration is. */
interface Origin {
  readonly name: string;
  readonly signature: string;
  readonly endpoint: string;
  readonly secret: string;
}

export const HUB: Origin = originOf("hub");

function originOf(name: string): Origin {
  if (name === "hub") return { name, signature: "signature", endpoint: "HUB_ENDPOINT", secret: "HUB_SECRET" };
  const signature = `signature, ${name}`;
  if (name === "broker") return { name, signature, endpoint: "BROKER_ENDPOINT", secret: "BROKER_SECRET" };
  return {
    name,
    signature,
    endpoint: `the \`url\` of ${name} in RECEIVERS_FILE`,
    secret: `the secrets of ${name} in RECEIVERS_FILE`,
  };
}

/** `skewS` is the least that was proved: the true difference may be a slow answer more. */
const CLOCK_MARGIN_S = 10;

export async function receiverFindings(
  { name, url, keys }: ReceiverConfig,
  proxies: Proxies | null,
  guildId: string,
): Promise<readonly Finding[]> {
  const sentAtMs = Date.now();
  const outcome = await ping({ url, keys, proxies }, guildId);
  const answeredAtMs = Date.now();
  const sample = outcome.ok ? clockSample(outcome.date, sentAtMs, answeredAtMs) : undefined;
  return [
    ...pingFindings(originOf(name), outcome, new URL(url).host, answeredAtMs - sentAtMs, sample),
    ...(sample === undefined ? [] : [clockFinding(`clock, ${name}`, `the ${name}`, sample)]),
  ];
}

/** What an answer to a ping means: pure. Without a `sample` the receiver's clock is not known. */
export function pingFindings(
  origin: Origin,
  outcome: PingOutcome,
  host: string,
  tookMs: number,
  sample?: ClockSample,
): readonly Finding[] {
  const { name, signature, endpoint } = origin;
  if (!outcome.ok) {
    const remedy = `check ${endpoint} and that the ${name} runs and can be reached from here`;
    return [
      fail(name, "hubUnreachable", `${host}: ${outcome.detail}`, remedy),
      skipped(signature, `needs the ${name}`),
    ];
  }
  const { answer } = outcome;
  const { status } = answer;
  const answered = pass(name, `${host} answered ${status} after ${tookMs} ms`);
  const { kind, detail } = { detail: "", ...outcomeOf(answer, 0) };
  if (acceptsPing(answer)) return [answered, pass(signature, "accepted")];
  if (status >= 200 && status < 300)
    return endpointFindings(origin, `${host} answered ${status}, ${otherAnswer(answer)}`);
  switch (kind) {
    case "signatureRefused":
      return [answered, signatureFinding(origin, detail, sample)];
    case "endpointWrong": {
      const why = status === 401 || status === 403 ? detail : "nobody takes deliveries there";
      return endpointFindings(origin, `${host} answered ${status}: ${why}`);
    }
    case "contentRefused": {
      const remedy =
        "let it answer a delivery without events (docs/events.md#a-ping), or trust the first event";
      return [answered, advice(signature, `the receiver does not know pings (${status})`, remedy)];
    }
    default:
      return [
        fail(
          name,
          "hubUnreachable",
          `${host} answered ${status}: ${detail}`,
          `look at the log of the ${name}`,
        ),
        skipped(signature, `the ${name} did not get that far`),
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

function endpointFindings({ name, signature, endpoint }: Origin, detail: string): readonly Finding[] {
  const remedy = `correct ${endpoint}: for the hub https://<host>/api/internal/events`;
  return [fail(name, "endpointWrong", detail, remedy), skipped(signature, "needs the endpoint")];
}

/** A clock that is wrong makes every signature wrong, so the secret is blamed only when the clocks allow it. */
function signatureFinding(
  { signature, secret: where }: Origin,
  detail: string,
  sample: ClockSample | undefined,
): Finding {
  const skew = sample === undefined ? 0 : Math.abs(skewS(sample));
  if (skew > REPLAY_WINDOW_S - CLOCK_MARGIN_S)
    return skipped(
      signature,
      `the clocks differ by ${Math.round(skew)} s: no signature is accepted before they agree`,
    );
  const secret = `make ${where} the same on both sides`;
  const remedy = sample === undefined ? `${secret}; if it is, compare the clocks` : secret;
  return fail(signature, "signatureRefused", detail, remedy);
}

function jsonOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === "object" && json !== null ? (json as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
