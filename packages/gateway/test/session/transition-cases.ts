/** One representative of every state and of every input, for the truth table. */
import type { SessionEffect } from "../../src/session/effect.ts";
import type { SessionInput } from "../../src/session/input.ts";
import type { SessionState, StateName } from "../../src/session/state.ts";
import { RESUME_URL, Scenario, storedSession } from "./scenario.ts";

/** Each state as a story reaches it. Those that may hold a session hold one, but for `identifying` and before. */
export const STATES: Readonly<Record<StateName, () => Scenario>> = {
  disconnected: () => new Scenario().ready().closed(4000),
  connecting: () => new Scenario(storedSession()).start(),
  awaitingHello: () => new Scenario(storedSession()).start().opened(),
  awaitingIdentifyTurn: () => new Scenario().start().hello(),
  identifying: () => new Scenario().start().hello().granted(),
  resuming: () => new Scenario(storedSession()).start().hello(),
  ready: () => new Scenario().ready(),
  stopped: () => new Scenario().ready().take({ type: "stopRequested", keepSession: true }),
};

type Stampless<T> = T extends unknown ? Omit<T, "atMs" | "roll"> : never;
type Case = (connection: number) => Stampless<SessionInput>;

const received =
  (frame: Extract<SessionInput, { type: "received" }>["frame"]): Case =>
  (connection) => ({ type: "received", connection, frame });
const timer =
  (name: Extract<SessionInput, { type: "timerFired" }>["timer"]): Case =>
  (connection) => ({ type: "timerFired", connection, timer: name });
const closed =
  (code: number | null): Case =>
  (connection) => ({ type: "socketClosed", connection, code, detail: "" });

export const INPUTS = {
  connectRequested: () => ({ type: "connectRequested" }),
  socketOpened: (connection) => ({ type: "socketOpened", connection }),
  dialUnreachable: (connection) => ({
    type: "dialFailed",
    connection,
    reason: { kind: "unreachable", detail: "" },
  }),
  dialTokenRefused: (connection) => ({ type: "dialFailed", connection, reason: { kind: "tokenRefused" } }),
  dialBudgetSpent: (connection) => ({
    type: "dialFailed",
    connection,
    reason: { kind: "identifyBudgetSpent", retryAfterMs: 1 },
  }),
  dropped: closed(null),
  closed4000: closed(4000),
  closed4007: closed(4007),
  closed4004: closed(4004),
  hello: received({ kind: "hello", heartbeatIntervalMs: 1_000 }),
  heartbeatRequest: received({ kind: "heartbeatRequest" }),
  heartbeatAck: received({ kind: "heartbeatAck" }),
  reconnect: received({ kind: "reconnect" }),
  invalidResumable: received({ kind: "invalidSession", resumable: true }),
  invalidFinal: received({ kind: "invalidSession", resumable: false }),
  READY: received({
    kind: "ready",
    seq: 1,
    ready: {
      sessionId: "new",
      resumeGatewayUrl: RESUME_URL,
      user: { id: "1" as never, name: "", bot: true },
      guildIds: [],
    },
  }),
  RESUMED: received({ kind: "resumed", seq: 11 }),
  dispatch: received({ kind: "dispatch", seq: 11, name: "X" }),
  repeat: received({ kind: "dispatch", seq: 1, name: "X" }),
  passedOver: received({ kind: "passedOver", firstSeq: 11, lastSeq: 12 }),
  unknownOpcode: received({ kind: "unknown", op: 99 }),
  malformed: received({ kind: "malformed", problem: "" }),
  identifyTurn: (connection) => ({ type: "identifyTurnGranted", connection }),
  stored: () => ({ type: "stored", sessionId: "s1", seq: 1 }),
  sendRequested: () => ({
    type: "sendRequested",
    payload: { kind: "requestChannelInfo", guildId: "1", fields: [] },
  }),
  dialTimer: timer("dial"),
  helloTimer: timer("hello"),
  readyTimer: timer("ready"),
  resumedTimer: timer("resumed"),
  heartbeatTimer: timer("heartbeat"),
  stableTimer: timer("stable"),
  reconnectTimer: timer("reconnect"),
  sendWindowTimer: timer("sendWindow"),
  stopKeeping: () => ({ type: "stopRequested", keepSession: true }),
  stopForGood: () => ({ type: "stopRequested", keepSession: false }),
} as const satisfies Record<string, Case>;

export type InputName = keyof typeof INPUTS;

/** What a cell of the table says: the state that follows, and what is done, in short. `·` = nothing happens. */
export function cell(stateName: StateName, inputName: InputName): string {
  const story = STATES[stateName]();
  const before: SessionState = story.state;
  story.clear().take(INPUTS[inputName](story.connection));
  const done = story.effects.flatMap(short);
  if (story.state === before && done.length === 0) return "·";
  const name = story.state.name === stateName ? "=" : story.state.name;
  return [name, ...done].join(" ");
}

function short(effect: SessionEffect): string[] {
  switch (effect.type) {
    case "connect":
      return [`dial:${effect.purpose}@${effect.url === null ? "main" : "resume"}`];
    case "send":
      return [`send:${effect.payload.kind}`];
    case "closeSocket":
      return [`${effect.how}:${effect.code}`];
    case "startTimer":
      return [`+${effect.timer}`];
    case "cancelTimer":
      return [`-${effect.timer}`];
    case "cancelAllTimers":
      return [];
    case "requestIdentifyTurn":
      return ["askTurn"];
    case "deliver":
      return ["deliver"];
    case "emit":
      return shortEvent(effect.event);
  }
}

function shortEvent(event: Extract<SessionEffect, { type: "emit" }>["event"]): string[] {
  switch (event.type) {
    case "connectionLost":
      return [`lost:${event.cause}→${event.next}`];
    case "stopped":
      return [`end:${event.fault?.code ?? "asked"}`];
    case "sessionDropped":
      return ["dropSession"];
    case "connecting":
      return [];
    default:
      return [event.type];
  }
}
