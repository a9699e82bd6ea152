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
  /** 401 or 403 of a receiver: secret or clock. Not the event's fault, and nothing will help but a person. */
  | ({ readonly kind: "signatureRefused" } & Refused)
  /** 400, 413, 415, 422: the receiver understood and does not want this content. */
  | ({ readonly kind: "contentRefused" } & Refused)
  /**
   * 3xx, 404, 405, 410, 501, and 401 or 403 of something in front of the receiver: deliveries are not taken at this
   * URL, or not yet. Never the event's fault.
   */
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
  /** Its `WWW-Authenticate`: a login is asked for, which no receiver of deliveries does. */
  readonly challenge: string | null;
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
  return asked ?? { kind: refusalKind(answer, json), status, detail: detailOf(answer, json), ...wish };
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
  const code = typeof status === "number" ? status : 500;
  return { kind: KIND_OF_STATUS[code] ?? "busy", status: code, detail, ...wish };
}

function askedFor(json: Json, wish: Wish): Outcome | undefined {
  const { want, epoch, seq, fenced } = json as Record<"want" | "epoch" | "seq" | "fenced", unknown>;
  if (want === "snapshot") return { kind: "snapshotWanted", ...wish };
  if (want === "from" && typeof epoch === "string" && isSeq(seq)) {
    return { kind: "fromWanted", epoch, seq, ...wish };
  }
  return isSeq(fenced) ? { kind: "fenced", fence: fenced } : undefined;
}

function refusalKind(answer: Answer, json: Json | undefined): RefusalKind {
  const { status } = answer;
  if (status >= 300 && status < 400) return "endpointWrong";
  const kind = KIND_OF_STATUS[status] ?? "busy";
  return kind === "signatureRefused" && isFromInFront(answer, json) ? "endpointWrong" : kind;
}

/**
 * Whether a 401 or 403 comes from a proxy, a login page or another application: it asks for a login, is a page, or is
 * JSON of another form than `{"error": …}`. Plain text may come from somebody's own receiver.
 */
function isFromInFront({ challenge, text }: Answer, json: Json | undefined): boolean {
  if (json?.["error"] !== undefined) return false;
  return challenge !== null || text.trimStart().startsWith("<") || Object.keys(json ?? {}).length > 0;
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
  const { status, challenge } = answer;
  if (status >= 200 && status < 300) return 'a success without {"acked": <seq>}';
  if ((status === 401 || status === 403) && isFromInFront(answer, json)) return inFrontDetail(challenge);
  const error = json?.["error"];
  const message =
    typeof error === "object" && error !== null ? (error as { message?: unknown }).message : error;
  return String(message ?? answer.text).slice(0, DETAIL_CHARACTERS_MAX);
}

function inFrontDetail(challenge: string | null): string {
  if (challenge === null) return "something in front of the receiver refuses, it is no answer of a receiver";
  const scheme = /^[\w-]{1,20}/.exec(challenge)?.[0] ?? "unknown";
  const remedy = /^basic$/i.test(scheme)
    ? "write user name and password into its URL, as in https://name:password@host/…"
    : "let deliveries pass it without a login";
  return `something in front of the receiver asks for a login (${scheme}): ${remedy}`;
}

const RETRY_AFTER_MS_MAX = 3_600_000;

/** Seconds or an HTTP date. Source: RFC 9110 section 10.2.3 */
function retryAfterMs(header: string | null, nowMs: number): number | null {
  if (header === null) return null;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - nowMs;
  return Number.isFinite(ms) ? Math.min(Math.max(0, ms), RETRY_AFTER_MS_MAX) : null;
}
