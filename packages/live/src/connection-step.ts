/**
 * One browser's connection, seen from the hub: `step(connection, input) → { connection, effects }`, pure. No socket,
 * clock or timer; the shell performs the effects in order and feeds what comes of them back in.
 *
 *   opened ──▶ awaitingAuth ──auth──▶ open ──▶ closed
 *                   │  └─with a ticket─▶ verifying ─▲  ▲ rate, malformed frame, authorization ended
 *                   │ 5 s, another frame, a ticket     │
 *                   │ that is not taken ───────────────┘
 *
 * Rules:
 *   C1  Nothing is sent before `auth`; another first frame, or none within `AUTH_WITHIN_MS`, ends the connection, and so
 *       does any frame while its ticket is looked at.
 *   C2  A frame that is no message ends the connection; a message that cannot be done is answered with `err`.
 *   C3  Every message counts against the budget, the ones that fail too.
 *   C4  A topic is read again only by `resync`; a second `sub` is an error, so that a browser's mistake shows.
 *   C5  After `close` nothing has an effect.
 *   C6  A connection lives no longer than its authorization and `EXPIRY_GRACE_MS`. `auth` with a new ticket on the open
 *       connection replaces the grant: what it does not allow is given up, all else goes on without a gap. A new ticket
 *       that is not taken changes nothing.
 *   C7  A connection stays with whom it began: a new ticket for somebody else is not taken.
 */
import { type ClientFrame, readClientFrame } from "./client-message.ts";
import { HubCloseCode } from "./close-code.ts";
import {
  type AuthMessage,
  type Connection,
  type ConnectionEffect,
  type ConnectionInput,
  type ConnectionStep,
  EXPIRY_GRACE_MS,
  type Grant,
  type GrantOutcome,
  prepended,
  refusal,
  still,
} from "./connection.ts";
import {
  onDrained,
  onFellBehind,
  onReadAgain,
  onResync,
  onTopicBroken,
  onTopicChanged,
  onTopicRead,
  onUnsubscribe,
  recheckTopics,
  subscribe,
} from "./connection-topics.ts";
import { type ClientMessage, PROTOCOL_VERSION, type ServerMessage } from "./message.ts";
import { spendMessage } from "./message-budget.ts";

/** Sent with 4105: how long the browser stays away. */
const RATE_PAUSE_MS = 5_000;

export function step(connection: Connection, input: ConnectionInput): ConnectionStep {
  if (connection.phase === "closed") return still(connection);
  switch (input.type) {
    case "frameReceived":
      return onFrame(connection, input.text, input.atMs);
    case "binaryReceived":
      return closed(connection, HubCloseCode.MalformedFrame, "frames must be text");
    case "authTimedOut":
      if (connection.phase === "open") return still(connection);
      return closed(connection, HubCloseCode.AuthTimeout, "no auth in time");
    case "ticketVerified":
      return onTicketVerified(connection, input.outcome, input.atMs);
    case "authorizationEnded":
      return closed(connection, HubCloseCode.AuthorizationExpired, "the authorization ended");
    case "topicRead":
      return onTopicRead(connection, input.topic, input.readId, input.answer);
    case "topicChanged":
      return onTopicChanged(connection, input.topic, input.frame);
    case "fellBehind":
      return onFellBehind(connection, input.topic, input.position);
    case "drained":
      return onDrained(connection);
    case "readAgain":
      return onReadAgain(connection, input.topic, input.position);
    case "topicBroken":
      return onTopicBroken(connection, input.topic);
    default:
      return input satisfies never;
  }
}

function onFrame(connection: Connection, text: string, atMs: number): ConnectionStep {
  const budget = spendMessage(connection.budget, atMs);
  if (budget === undefined) {
    const bye: ServerMessage = {
      t: "bye",
      code: HubCloseCode.RateLimited,
      after: RATE_PAUSE_MS,
      spread: RATE_PAUSE_MS,
    };
    return prepended(
      [{ type: "send", message: bye }],
      closed(connection, HubCloseCode.RateLimited, "too many messages"),
    );
  }
  const charged: Connection = { ...connection, budget };
  const frame: ClientFrame = readClientFrame(text);
  switch (frame.type) {
    case "malformed":
      return closed(charged, HubCloseCode.MalformedFrame, frame.problem);
    case "invalid":
      if (charged.phase !== "open") return closed(charged, HubCloseCode.MalformedFrame, frame.problem);
      return { connection: charged, effects: [refusal(frame.id, "bad_request", frame.problem)] };
    case "message":
      return onMessage(charged, frame.message, atMs);
    default:
      return frame satisfies never;
  }
}

function onMessage(connection: Connection, message: ClientMessage, atMs: number): ConnectionStep {
  if (connection.phase === "awaitingAuth" && message.t !== "auth") {
    return closed(connection, HubCloseCode.MalformedFrame, "the first message must be auth");
  }
  if (connection.phase === "verifying") {
    return closed(connection, HubCloseCode.MalformedFrame, "wait for hi");
  }
  switch (message.t) {
    case "auth":
      return onAuth(connection, message, atMs);
    case "sub":
      return subscribe(connection, message.id, message);
    case "resync":
      return onResync(connection, message);
    case "unsub":
      return onUnsubscribe(connection, message.topic);
    case "pong":
      return still(connection);
    default:
      return message satisfies never;
  }
}

function onAuth(connection: Connection, message: AuthMessage, atMs: number): ConnectionStep {
  if (message.v !== PROTOCOL_VERSION) {
    return closed(connection, HubCloseCode.VersionNotSpoken, `this hub speaks version ${PROTOCOL_VERSION}`);
  }
  if (connection.verifying !== undefined) {
    const problem = "a ticket is being looked at already; wait for its answer";
    return { connection, effects: [refusal(message.id, "bad_request", problem)] };
  }
  if (message.ticket === undefined) return granted(connection, message, connection.grant, atMs);
  const phase = connection.phase === "awaitingAuth" ? "verifying" : connection.phase;
  return {
    connection: { ...connection, phase, verifying: message },
    effects: [{ type: "verifyTicket", ticket: message.ticket }],
  };
}

function onTicketVerified(connection: Connection, outcome: GrantOutcome, atMs: number): ConnectionStep {
  const message = connection.verifying;
  if (message === undefined) return still(connection);
  const looked: Connection = { ...connection, verifying: undefined };
  const isRefresh = looked.phase === "open";
  if (!outcome.ok) return ticketRefused(looked, message.id, outcome);
  if (isRefresh && outcome.grant.subject !== looked.grant.subject) {
    return ticketRefused(looked, message.id, {
      ok: false,
      code: "unauthorized",
      message: "the ticket is for somebody else than this connection's; open another",
    });
  }
  return granted(looked, message, outcome.grant, atMs);
}

const CLOSE_CODES: Readonly<Record<Extract<GrantOutcome, { readonly ok: false }>["code"], HubCloseCode>> = {
  unauthorized: HubCloseCode.TicketInvalid,
  expired: HubCloseCode.TicketInvalid,
  forbidden: HubCloseCode.Forbidden,
  limit: HubCloseCode.TooManyConnections,
  unavailable: HubCloseCode.InternalError,
};

function ticketRefused(
  connection: Connection,
  id: number,
  { code, message }: Extract<GrantOutcome, { readonly ok: false }>,
): ConnectionStep {
  const told = [refusal(id, code, message)];
  return connection.phase === "open"
    ? { connection, effects: told }
    : prepended(told, closed(connection, CLOSE_CODES[code], message));
}

function granted(connection: Connection, message: AuthMessage, grant: Grant, atMs: number): ConnectionStep {
  const isFirst = connection.phase !== "open";
  const effects: ConnectionEffect[] = isFirst ? [{ type: "cancelAuthTimer" }] : [];
  effects.push({ type: "send", message: hiOf(connection, message.id, grant, atMs) });
  if (grant.expiresAtMs !== null) {
    effects.push({ type: "startExpiryTimer", atMs: grant.expiresAtMs + EXPIRY_GRACE_MS });
  }
  const takesFresh = connection.takesFresh || message.fresh === true;
  let result = prepended(effects, recheckTopics({ ...connection, phase: "open", grant, takesFresh }));
  for (const request of message.subs ?? []) {
    result = prepended(result.effects, subscribe(result.connection, message.id, request));
  }
  return result;
}

function hiOf({ rules }: Connection, id: number, grant: Grant, atMs: number): ServerMessage {
  return {
    t: "hi",
    id,
    conn: rules.connectionId,
    v: PROTOCOL_VERSION,
    now: atMs,
    tick: rules.tickMs,
    grace: rules.graceMs,
    ...(grant.expiresAtMs === null ? {} : { exp: Math.floor(grant.expiresAtMs / 1_000) }),
    ...(grant.resume === null ? {} : { resume: grant.resume }),
  };
}

function closed(connection: Connection, code: HubCloseCode, reason: string): ConnectionStep {
  const effects: ConnectionEffect[] = [];
  if (connection.phase !== "open") effects.push({ type: "cancelAuthTimer" });
  for (const topic of connection.topics.keys()) effects.push({ type: "leaveTopic", topic });
  effects.push({ type: "close", code, reason });
  return { connection: { ...connection, phase: "closed", verifying: undefined, topics: new Map() }, effects };
}
