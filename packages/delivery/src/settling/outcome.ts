/** What one POST led to, for one stream. Expected failure is a value: nothing here throws. */
export type Outcome =
  /** Everything up to `acked` is committed by the receiver. */
  | { readonly kind: "delivered"; readonly acked: number }
  /** `409 {"want":"snapshot"}`: the receiver cannot continue from where it is. */
  | ({ readonly kind: "snapshotWanted" } & Wish)
  /** `409 {"want":"from"}`: the receiver has everything up to `seq` of this epoch, and needs what follows. */
  | ({ readonly kind: "fromWanted"; readonly epoch: string; readonly seq: number } & Wish)
  /** `409 {"fenced":M}`: another process owns the stream now, under the fence M. */
  | { readonly kind: "fenced"; readonly fence: number }
  /** 401 or 403: secret or clock. Not the event's fault, and nothing will help but a person. */
  | ({ readonly kind: "signatureRefused" } & Refused)
  /** 400, 413, 415, 422: the receiver understood and does not want this content. */
  | ({ readonly kind: "contentRefused" } & Refused)
  /** 3xx, 404, 405, 410, 501: no receiver at this URL, or not yet. Never the event's fault. */
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

type Json = Readonly<Record<string, unknown>>;

/** What an answer to the single form means. `nowMs`: Unix ms. */
export function outcomeOf(answer: Answer, nowMs: number): Outcome {
  const { status } = answer;
  const json = parsed(answer.text);
  if (status >= 200 && status < 300 && isSeq(json?.["acked"])) {
    return { kind: "delivered", acked: json["acked"] };
  }
  const wish = { retryAfterMs: retryAfterMs(answer.retryAfter, nowMs) };
  const asked = status === 409 && json !== undefined ? askedFor(json, wish) : undefined;
  return asked ?? refusal(status, detailOf(answer, json), wish);
}

/**
 * What an answer to the multi form means for each of its sources; one without a result is not in the map.
 * `undefined`: the answer is no answer to the multi form, which is a failure of the connection.
 */
export function outcomesOf(answer: Answer): ReadonlyMap<string, Outcome> | undefined {
  const results = answer.status === 200 ? parsed(answer.text)?.["results"] : undefined;
  if (!Array.isArray(results)) return undefined;
  const outcomes = new Map<string, Outcome>();
  for (const result of results) {
    const json = objectOf(result);
    const source = json?.["source"];
    const outcome = json === undefined ? undefined : resultOutcome(json);
    if (typeof source === "string" && outcome !== undefined) outcomes.set(source, outcome);
  }
  return outcomes;
}

function resultOutcome(json: Json): Outcome | undefined {
  const wish = { retryAfterMs: null };
  if (isSeq(json["acked"])) return { kind: "delivered", acked: json["acked"] };
  const refused = objectOf(json["refused"]);
  if (refused === undefined) return askedFor(json, wish);
  const { status, error } = refused;
  const detail = String(error ?? "refused").slice(0, DETAIL_CHARACTERS_MAX);
  return refusal(typeof status === "number" ? status : 500, detail, wish);
}

function askedFor(json: Json, wish: Wish): Outcome | undefined {
  const { want, epoch, seq, fenced } = json as Record<"want" | "epoch" | "seq" | "fenced", unknown>;
  if (want === "snapshot") return { kind: "snapshotWanted", ...wish };
  if (want === "from" && typeof epoch === "string" && isSeq(seq)) {
    return { kind: "fromWanted", epoch, seq, ...wish };
  }
  return isSeq(fenced) ? { kind: "fenced", fence: fenced } : undefined;
}

function refusal(status: number, detail: string, wish: Wish): Outcome {
  const isRedirect = status >= 300 && status < 400;
  const kind = isRedirect ? "endpointWrong" : (KIND_OF_STATUS[status] ?? "busy");
  return { kind, status, detail, ...wish };
}

function isSeq(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function parsed(text: string): Json | undefined {
  try {
    return objectOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function objectOf(value: unknown): Json | undefined {
  return typeof value === "object" && value !== null ? (value as Json) : undefined;
}

const DETAIL_CHARACTERS_MAX = 300;

/** What the receiver said, for the log: its own error message when it has one. */
function detailOf(answer: Answer, json: Json | undefined): string {
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
