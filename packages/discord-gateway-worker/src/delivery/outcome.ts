/** What became of one POST. Expected failure is a value: nothing here throws. */
export type Outcome =
  /** Everything up to `acked` is committed by the receiver. */
  | { readonly kind: "delivered"; readonly acked: number }
  /** `409 {"want":"snapshot"}`: the receiver cannot go on from where it is. */
  | ({ readonly kind: "snapshotWanted" } & Wish)
  /** 401 or 403: secret or clock. Not the event's fault, and nothing will help but a person. */
  | ({ readonly kind: "signatureRefused" } & Refused)
  /** 400, 413, 415, 422: the receiver understood and does not want this content. */
  | ({ readonly kind: "contentRefused" } & Refused)
  /** 3xx, 404, 405, 410, 501: nobody takes deliveries at this URL, or not yet. Never the event's fault. */
  | ({ readonly kind: "endpointWrong" } & Refused)
  /** Any other answer, also a 2xx without `acked`: temporary as far as anyone can tell. */
  | ({ readonly kind: "busy" } & Refused)
  /** No answer: connection, TLS, name or deadline. */
  | { readonly kind: "unreachable"; readonly detail: string };

interface Wish {
  /** How long the receiver asks not to be asked again; `null` when it does not say. */
  readonly retryAfterMs: number | null;
}

interface Refused extends Wish {
  readonly status: number;
  readonly detail: string;
}

type RefusalKind = "signatureRefused" | "contentRefused" | "endpointWrong" | "busy";

/** Statuses that are not here are `busy`. */
const KIND_OF_STATUS: Readonly<Record<number, RefusalKind>> = {
  400: "contentRefused",
  401: "signatureRefused",
  403: "signatureRefused",
  404: "endpointWrong",
  405: "endpointWrong",
  410: "endpointWrong",
  413: "contentRefused",
  415: "contentRefused",
  422: "contentRefused",
  501: "endpointWrong",
};

export interface Answer {
  readonly status: number;
  readonly retryAfter: string | null;
  /** At most `ANSWER_BYTES_MAX` of it. */
  readonly text: string;
}

export function outcomeOf(answer: Answer, nowMs: number): Outcome {
  const { status } = answer;
  const json = parsed(answer.text);
  const acked = json?.["acked"];
  if (status >= 200 && status < 300 && Number.isSafeInteger(acked)) {
    return { kind: "delivered", acked: acked as number };
  }
  const wish = { retryAfterMs: retryAfterMs(answer.retryAfter, nowMs) };
  if (status === 409 && json?.["want"] === "snapshot") return { kind: "snapshotWanted", ...wish };
  const isRedirect = status >= 300 && status < 400;
  const kind = isRedirect ? "endpointWrong" : (KIND_OF_STATUS[status] ?? "busy");
  return { kind, status, detail: detailOf(answer, json), ...wish };
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === "object" && json !== null ? (json as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

const DETAIL_CHARACTERS_MAX = 300;

/** What the receiver said, for the log: its own error message when it has one. */
function detailOf(answer: Answer, json: Readonly<Record<string, unknown>> | undefined): string {
  if (answer.status >= 200 && answer.status < 300) return 'a success without {"acked": <seq>}';
  const error = json?.["error"];
  const message =
    typeof error === "object" && error !== null ? (error as { message?: unknown }).message : error;
  return String(message ?? answer.text).slice(0, DETAIL_CHARACTERS_MAX);
}

const RETRY_AFTER_MS_MAX = 3_600_000;

/** Seconds or an HTTP date. Source: RFC 9110 section 10.2.3 */
function retryAfterMs(header: string | null, nowMs: number): number | null {
  if (header === null) return null;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - nowMs;
  return Number.isFinite(ms) ? Math.min(Math.max(0, ms), RETRY_AFTER_MS_MAX) : null;
}
