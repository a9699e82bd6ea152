/**
 * Signing and verifying of deliveries after the Standard Webhooks specification 1.0.0:
 * `v1,` + base64(HMAC-SHA256(key, id + "." + timestamp + "." + body)), one entry per key, separated by spaces.
 * Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
import { createHmac, type KeyObject, timingSafeEqual } from "node:crypto";

export const WEBHOOK_HEADERS = {
  id: "webhook-id",
  timestamp: "webhook-timestamp",
  signature: "webhook-signature",
} as const;

/** With the value `1` in an answer: this receiver takes many streams in one body from now on. */
export const MULTI_HEADER = "guildwire-multi";

/** On deliveries of interactions: when this attempt was sent, Unix ms by the worker's clock. */
export const SENT_AT_HEADER = "guildwire-sent-at";

/** How far a delivery's timestamp may be from the receiver's clock, either way. */
export const REPLAY_WINDOW_S = 300;

/** Signature entries looked at; a longer list is an attempt to make the receiver work. */
const ENTRIES_MAX = 16;

export interface SignedParts {
  /** Letters, digits, `_` and `-` only: a dot would make two different messages sign alike. */
  readonly id: string;
  readonly timestampS: number;
  readonly body: string | Uint8Array;
}

/** The value of `webhook-signature`: an entry for each key, so that a receiver with any of them accepts. */
export function signDelivery(parts: SignedParts, keys: readonly KeyObject[]): string {
  return keys.map((key) => `v1,${mac(parts, key).toString("base64")}`).join(" ");
}

function mac(parts: SignedParts, key: KeyObject): Buffer {
  return createHmac("sha256", key).update(`${parts.id}.${parts.timestampS}.`).update(parts.body).digest();
}

export interface DeliveryHeaders {
  readonly id: string | null | undefined;
  readonly timestamp: string | null | undefined;
  readonly signature: string | null | undefined;
}

export type VerifyOutcome =
  | { readonly ok: true; readonly id: string; readonly timestampS: number }
  | { readonly ok: false; readonly code: VerifyProblem; readonly problem: string };

export type VerifyProblem =
  | "missing_header"
  | "invalid_id"
  | "invalid_timestamp"
  | "timestamp_too_old"
  | "timestamp_too_new"
  | "invalid_signature";

/** Verifies the raw bytes as they came, before anything parses them. Takes the same time for every wrong signature. */
export function verifyDelivery(
  headers: DeliveryHeaders,
  body: string | Uint8Array,
  keys: readonly KeyObject[],
  nowMs: number,
): VerifyOutcome {
  const { id, timestamp, signature } = headers;
  if (!id || !timestamp || !signature) {
    const missing = !id
      ? WEBHOOK_HEADERS.id
      : !timestamp
        ? WEBHOOK_HEADERS.timestamp
        : WEBHOOK_HEADERS.signature;
    return refused("missing_header", `header ${missing} is missing`);
  }
  if (!/^[A-Za-z0-9_-]{1,256}$/.test(id)) {
    return refused("invalid_id", `header ${WEBHOOK_HEADERS.id} may hold letters, digits, _ and - only`);
  }
  if (!/^\d{1,12}$/.test(timestamp)) {
    return refused("invalid_timestamp", `header ${WEBHOOK_HEADERS.timestamp} must be Unix seconds`);
  }
  const timestampS = Number(timestamp);
  const ageS = nowMs / 1000 - timestampS;
  if (ageS > REPLAY_WINDOW_S) {
    return refused(
      "timestamp_too_old",
      `the delivery was signed ${Math.round(ageS)} s ago; check both clocks`,
    );
  }
  if (ageS < -REPLAY_WINDOW_S) {
    return refused(
      "timestamp_too_new",
      `the delivery was signed ${Math.round(-ageS)} s ahead; check both clocks`,
    );
  }
  const given = signature
    .split(" ", ENTRIES_MAX)
    .filter((entry) => entry.startsWith("v1,"))
    .map((entry) => Buffer.from(entry.slice(3), "base64"));
  let matched = false;
  for (const key of keys) {
    const wanted = mac({ id, timestampS, body }, key);
    for (const bytes of given) {
      matched = (bytes.length === wanted.length && timingSafeEqual(bytes, wanted)) || matched;
    }
  }
  if (!matched) {
    return refused(
      "invalid_signature",
      `no entry of ${WEBHOOK_HEADERS.signature} matches a secret held here`,
    );
  }
  return { ok: true, id, timestampS };
}

function refused(code: VerifyProblem, problem: string): VerifyOutcome {
  return { ok: false, code, problem };
}
