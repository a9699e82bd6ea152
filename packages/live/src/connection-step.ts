/**
 * One browser's connection, seen from the hub: `step(connection, input) → { connection, effects }`, pure. No socket,
 * clock or timer; the shell performs the effects in order and feeds what comes of them back in.
 *
 *   opened ──▶ awaitingAuth ──auth──▶ open ──▶ closed
 *                   │ 5 s, or another frame      ▲ rate, malformed frame
 *                   └────────────────────────────┘
 *
 * Rules:
 *   C1  Nothing is sent before `auth`; another first frame, or none within `AUTH_WITHIN_MS`, ends the connection.
 *   C2  A frame that is no message ends the connection; a message that cannot be done is answered with `err`.
 *   C3  Every message counts against the budget, the ones that fail too.
 *   C4  A topic is read again only by `resync`; a second `sub` is an error, so that a browser's mistake shows.
 *   C5  After `close` nothing has an effect.
 */
import { type ClientFrame, readClientFrame } from "./client-message.ts";
import { HubCloseCode } from "./close-code.ts";
import {
  type Connection,
  type ConnectionEffect,
  type ConnectionInput,
  type ConnectionStep,
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
      if (charged.phase === "awaitingAuth")
        return closed(charged, HubCloseCode.MalformedFrame, frame.problem);
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

type AuthMessage = Extract<ClientMessage, { readonly t: "auth" }>;

function onAuth(connection: Connection, message: AuthMessage, atMs: number): ConnectionStep {
  if (message.v !== PROTOCOL_VERSION) {
    return closed(connection, HubCloseCode.VersionNotSpoken, `this hub speaks version ${PROTOCOL_VERSION}`);
  }
  const { connectionId, tickMs, graceMs } = connection.rules;
  const hi: ServerMessage = {
    t: "hi",
    id: message.id,
    conn: connectionId,
    v: PROTOCOL_VERSION,
    now: atMs,
    tick: tickMs,
    grace: graceMs,
  };
  const isFirst = connection.phase === "awaitingAuth";
  let result: ConnectionStep = {
    connection: { ...connection, phase: "open" },
    effects: [...(isFirst ? [{ type: "cancelAuthTimer" } as const] : []), { type: "send", message: hi }],
  };
  for (const request of message.subs ?? []) {
    result = prepended(result.effects, subscribe(result.connection, message.id, request));
  }
  return result;
}

function closed(connection: Connection, code: HubCloseCode, reason: string): ConnectionStep {
  const effects: ConnectionEffect[] = [];
  if (connection.phase === "awaitingAuth") effects.push({ type: "cancelAuthTimer" });
  for (const topic of connection.topics.keys()) effects.push({ type: "leaveTopic", topic });
  effects.push({ type: "close", code, reason });
  return { connection: { ...connection, phase: "closed", topics: new Map() }, effects };
}
