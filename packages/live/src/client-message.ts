/** Reads a browser's frame. Nothing here throws: what a stranger sends is data until it has proved to be a message. */
import type { ClientMessage, ResyncReason, SubscribeRequest } from "./message.ts";

export type ClientFrame =
  | { readonly type: "message"; readonly message: ClientMessage }
  /** A message of ours with a wrong field: it can be answered, and the connection lives on. */
  | { readonly type: "invalid"; readonly id: number; readonly problem: string }
  /** Not a message at all. */
  | { readonly type: "malformed"; readonly problem: string };

export const TOPIC_LENGTH_MAX = 128;
export const AUTH_SUBS_MAX = 32;
const EPOCH_LENGTH_MAX = 64;
const RESYNC_REASONS: readonly string[] = ["gap", "digest", "reducer", "paused"] satisfies ResyncReason[];

type Fields = Readonly<Record<string, unknown>>;

export function readClientFrame(text: string): ClientFrame {
  let fields: Fields;
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json !== "object" || json === null || Array.isArray(json)) throw new SyntaxError();
    fields = json as Fields;
  } catch {
    return { type: "malformed", problem: "a frame must be one JSON object" };
  }
  if (typeof fields["t"] !== "string")
    return { type: "malformed", problem: "a frame must have a text field `t`" };
  if (fields["t"] === "pong") return { type: "message", message: { t: "pong" } };

  const id = fields["id"];
  if (!isCount(id)) return invalid(0, "`id` must be a whole number from 0");
  switch (fields["t"]) {
    case "auth":
      return readAuth(id, fields);
    case "sub":
      return readSubscribe(id, fields, (request) => ({ t: "sub", id, ...request }));
    case "unsub":
      return isTopic(fields["topic"])
        ? { type: "message", message: { t: "unsub", id, topic: fields["topic"] } }
        : invalid(id, TOPIC_PROBLEM);
    case "resync":
      return readResync(id, fields);
    default:
      return invalid(id, "`t` must be auth, sub, unsub, resync or pong");
  }
}

function readAuth(id: number, fields: Fields): ClientFrame {
  const {
    v,
    ticket,
    sdk,
    subs = [],
  } = fields as { v?: unknown; ticket?: unknown; sdk?: unknown; subs?: unknown };
  if (!isCount(v)) return invalid(id, "`v` must be the protocol version, a whole number");
  if (ticket !== undefined && typeof ticket !== "string") return invalid(id, "`ticket` must be text");
  if (sdk !== undefined && typeof sdk !== "string") return invalid(id, "`sdk` must be text");
  if (!Array.isArray(subs) || subs.length > AUTH_SUBS_MAX) {
    return invalid(id, `\`subs\` must be a list of at most ${AUTH_SUBS_MAX}`);
  }
  const requests: SubscribeRequest[] = [];
  for (const sub of subs as readonly unknown[]) {
    const request = readRequest(typeof sub === "object" && sub !== null ? (sub as Fields) : {});
    if (typeof request === "string") return invalid(id, request);
    requests.push(request);
  }
  const message: ClientMessage = {
    t: "auth",
    id,
    v,
    ...(ticket === undefined ? {} : { ticket }),
    ...(sdk === undefined ? {} : { sdk }),
    ...(fields["fresh"] === true ? { fresh: true } : {}),
    subs: requests,
  };
  return { type: "message", message };
}

function readResync(id: number, fields: Fields): ClientFrame {
  const why = fields["why"];
  if (typeof why !== "string" || !RESYNC_REASONS.includes(why)) {
    return invalid(id, `\`why\` must be one of ${RESYNC_REASONS.join(", ")}`);
  }
  const dg = fields["dg"];
  if (dg !== undefined && !isCount(dg)) return invalid(id, "`dg` must be a whole number");
  return readSubscribe(id, fields, (request) => ({
    t: "resync",
    id,
    why: why as ResyncReason,
    ...(dg === undefined ? {} : { dg }),
    ...request,
  }));
}

function readSubscribe(
  id: number,
  fields: Fields,
  message: (request: SubscribeRequest) => ClientMessage,
): ClientFrame {
  const request = readRequest(fields);
  return typeof request === "string" ? invalid(id, request) : { type: "message", message: message(request) };
}

const TOPIC_PROBLEM = `\`topic\` must be text of 1 to ${TOPIC_LENGTH_MAX} characters`;

/** The request, or what is wrong with it. */
function readRequest(fields: Fields): SubscribeRequest | string {
  const { topic, e, o } = fields as { topic?: unknown; e?: unknown; o?: unknown };
  if (!isTopic(topic)) return TOPIC_PROBLEM;
  if (e === undefined && o === undefined) return { topic };
  if (typeof e !== "string" || e.length > EPOCH_LENGTH_MAX || !isCount(o)) {
    return "`e` (text) and `o` (a whole number from 0) must come together, or both be left out";
  }
  return { topic, e, o };
}

function isTopic(value: unknown): value is string {
  return typeof value === "string" && value.length > 0 && value.length <= TOPIC_LENGTH_MAX;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function invalid(id: number, problem: string): ClientFrame {
  return { type: "invalid", id, problem };
}
