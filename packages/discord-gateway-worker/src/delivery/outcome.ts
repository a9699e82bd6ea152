/** What became of one POST. Expected failure is a value: nothing here throws. */
export type Outcome =
  /** Everything up to `acked` is committed by the receiver. */
  | { readonly kind: "delivered"; readonly acked: number }
  /** `409 {"want":"snapshot"}`: the receiver cannot go on from where it is. */
  | ({ readonly kind: "snapshotWanted" } & Wish)
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

export function outcomeOf(answer: Answer, nowMs: number): Outcome {
  const { status } = answer;
  const json = parsed(answer.text);
  const acked = json?.["acked"];
  if (status >= 200 && status < 300 && Number.isSafeInteger(acked)) {
    return { kind: "delivered", acked: acked as number };
  }
  const wish = { retryAfterMs: retryAfterMs(answer.retryAfter, nowMs) };
  if (status === 409 && json?.["want"] === "snapshot") return { kind: "snapshotWanted", ...wish };
  return { kind: refusalKind(answer, json), status, detail: detailOf(answer, json), ...wish };
}

type Json = Readonly<Record<string, unknown>> | undefined;

function refusalKind(answer: Answer, json: Json): RefusalKind {
  const { status } = answer;
  if (status >= 300 && status < 400) return "endpointWrong";
  const kind = KIND_OF_STATUS[status] ?? "busy";
  return kind === "signatureRefused" && isFromInFront(answer, json) ? "endpointWrong" : kind;
}

/**
 * Whether a 401 or 403 comes from a proxy, a login page or another application: it asks for a login, is a page, or is
 * JSON of another form than `{"error": …}`. Plain text may come from somebody's own receiver.
 */
function isFromInFront({ challenge, text }: Answer, json: Json): boolean {
  if (json?.["error"] !== undefined) return false;
  return challenge !== null || text.trimStart().startsWith("<") || Object.keys(json ?? {}).length > 0;
}

function parsed(text: string): Json {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === "object" && json !== null ? (json as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

const DETAIL_CHARACTERS_MAX = 300;

/** What the receiver said, for the log: its own error message when it has one. */
function detailOf(answer: Answer, json: Json): string {
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
    ? "write user name and password into HUB_ENDPOINT, as in https://name:password@host/…"
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
