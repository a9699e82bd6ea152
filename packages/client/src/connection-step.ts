/**
 * The connection machine: pure, one input at a time.
 *
 * Rules:
 *   C1  One socket carries every topic; there is one exactly while a topic is held and nothing forbids it.
 *   C2  `auth` is the first frame and names every topic with its position, so a resume costs one round trip.
 *   C3  The back-off grows with every connection that did not stay healthy for 10 s, and is reset by nothing else.
 *   C4  Silence longer than the hub promised is a lost connection; so is a frame that is not hub/1.
 *   C5  A wait the hub asked for (`bye`) is kept, and is no shorter than the back-off; any other ends when the page becomes
 *       visible or the network returns.
 *   C6  A code that forbids coming back ends in `stopped`, which only the page's own wish leaves.
 *   C7  What a socket reports after another took its place is dropped.
 *   C8  A new ticket is fetched when four fifths of the authorization have passed, and handed over on the same connection.
 *       What the hub gave to come back with is used before any ticket, so that a crowd that comes back needs none.
 *   C9  A page that nobody looks at for longer than it wishes gives its socket up, and dials at once when it is seen.
 *   C10 When two sockets in a row end before `hi`, an event stream is tried, then a socket again, in turn, until one says
 *       `hi`. What did is kept to; a stream ends by itself when sockets get through again.
 */
import { type HubCloseCode, PROTOCOL_VERSION, type ServerMessage } from "@guildwire/live";
import { authorized, onRefreshRefused, onTicketFetched, SDK } from "./authorization.ts";
import { HEALTHY_AFTER_MS } from "./backoff.ts";
import {
  dial,
  hangUp,
  hide,
  type Moment,
  onBye,
  onLost,
  onOnline,
  onSeen,
  stop,
  transport,
  unwatched,
} from "./connection-end.ts";
import type {
  ClientEffect,
  ClientInput,
  ClientState,
  ClientStep,
  Timer,
  TopicState,
} from "./connection-state.ts";
import {
  chained,
  LINGER_MS,
  newTopic,
  onAgain,
  onFresh,
  onRefusal,
  onTopicMessage,
  onUnsubscribed,
  subscribe,
  subscribedByAuth,
  subscribeUnasked,
  takesHandoff,
  withTopic,
} from "./topic-step.ts";

/** However much silence a hub announces, no more than this is believed. */
export const SILENCE_MAX_MS = 300_000;

const NOT_HUB_1 = 1002;
const VERSION_NOT_SPOKEN: HubCloseCode = 4426;
const DEAD: HubCloseCode = 4102;

export function step(state: ClientState, input: ClientInput): ClientStep {
  switch (input.type) {
    case "topicHeld":
      return onHeld(state, input);
    case "topicReleased":
      return onReleased(state, input.topic);
    case "socketOpened":
      return onOpened(state, input);
    case "frameReceived":
      return onFrame(state, input);
    case "socketClosed":
      return isCurrent(state, input.socket) ? onLost(state, input.code, input) : still(state);
    case "timerFired":
      return onTimer(state, input.timer, input);
    case "ticketFetched":
      return isCurrent(state, input.socket) ? onTicketFetched(state, input) : still(state);
    case "wentOnline":
      return onOnline({ ...state, network: "online" }, state.network === "offline", input);
    case "wentOffline":
      return still({ ...state, network: "offline" });
    case "becameVisible":
      return onVisible(state, input);
    case "becameHidden":
      return onHidden(state);
    case "retryRequested":
      return onRetry(state);
    case "disposeRequested":
      return stop(state, 1000, input.atMs);
    default:
      return input satisfies never;
  }
}

type Input<T extends ClientInput["type"]> = Extract<ClientInput, { readonly type: T }>;

function still(state: ClientState): ClientStep {
  return { state, effects: [] };
}

function isCurrent({ connection }: ClientState, socket: number): boolean {
  return "socket" in connection && connection.socket === socket;
}

function onHeld(state: ClientState, input: Input<"topicHeld">): ClientStep {
  const known = state.topics.get(input.topic);
  const topic =
    known === undefined ? newTopic(input.topic, input.handoff) : takesHandoff(known, input.handoff);
  const held: TopicState = { ...topic, holders: topic.holders + 1 };
  const next = withTopic(state, input.topic, held);
  if (known !== undefined) {
    return { state: next, effects: [{ type: "cancelTimer", timer: `linger ${input.topic}` }] };
  }
  if (state.connection.name === "live") return subscribe(next, input.topic, held);
  return state.connection.name === "idle" ? dial({ ...next, lostAtMs: input.atMs }) : still(next);
}

function onReleased(state: ClientState, name: string): ClientStep {
  const topic = state.topics.get(name);
  if (topic === undefined || topic.holders === 0) return still(state);
  const released = withTopic(state, name, { ...topic, holders: topic.holders - 1 });
  if (topic.holders > 1) return still(released);
  return lingering(released, name);
}

function lingering(state: ClientState, name: string): ClientStep {
  return { state, effects: [{ type: "startTimer", timer: `linger ${name}`, afterMs: LINGER_MS }] };
}

function onLingered(state: ClientState, name: string): ClientStep {
  if (state.topics.get(name)?.holders !== 0) return still(state);
  const topics = new Map(state.topics);
  topics.delete(name);
  const effects: ClientEffect[] = [{ type: "cancelTimer", timer: `again ${name}` }];
  if (topics.size === 0 && state.connection.name !== "stopped") {
    return hangUp(unwatched({ ...state, topics, connection: { name: "idle" }, attempt: 0 }), [
      ...effects,
      { type: "cancelTimer", timer: "hidden" },
    ]);
  }
  // `auth` has asked for it: until its answer there is nothing to give up, and asking again would be once too often.
  if (state.connection.name === "greeting") return lingering(state, name);
  if (state.connection.name !== "live") return { state: { ...state, topics }, effects };
  const id = state.nextId;
  effects.push({ type: "send", message: { t: "unsub", id, topic: name } });
  return { state: { ...state, topics, nextId: id + 1 }, effects };
}

// The socket's life

function onOpened(state: ClientState, input: Input<"socketOpened">): ClientStep {
  if (state.connection.name !== "dialing" || !isCurrent(state, input.socket)) return still(state);
  const id = state.nextId;
  const topics = new Map(state.topics);
  const subs = subscribedByAuth(state);
  for (const { topic: name } of subs) {
    const topic = state.topics.get(name);
    if (topic !== undefined) topics.set(name, { ...topic, request: { name: "sent", id, as: "auth" } });
  }
  return {
    state: {
      ...state,
      topics,
      nextId: id + 1,
      connection: { name: "greeting", socket: input.socket, by: state.connection.by, sentAtMs: input.atMs },
    },
    effects: [
      {
        type: "send",
        message: {
          t: "auth",
          id,
          v: PROTOCOL_VERSION,
          sdk: SDK,
          fresh: true,
          ...(input.ticket === undefined ? {} : { ticket: input.ticket }),
          subs,
        },
      },
    ],
  };
}

function onFrame(state: ClientState, input: Input<"frameReceived">): ClientStep {
  if (!isCurrent(state, input.socket)) return still(state);
  if (input.messages === undefined) return onLost(state, NOT_HUB_1, input);
  let result = heard(state, input.atMs);
  for (const message of input.messages) {
    // A `bye` or a refusal in the middle of a frame ends it.
    if (!isCurrent(result.state, input.socket)) break;
    result = chained(result, (now) => onMessage(now, message, input));
  }
  return result;
}

/** Any frame is a sign of life, and better evidence of a network than what the browser says. */
function heard(state: ClientState, atMs: number): ClientStep {
  if (state.connection.name !== "live") return still(state);
  const connection = { ...state.connection, lastFrameAtMs: atMs };
  return {
    state: { ...state, network: "online", connection },
    effects: [{ type: "startTimer", timer: "liveness", afterMs: connection.silenceMaxMs }],
  };
}

function onMessage(state: ClientState, message: ServerMessage, moment: Moment): ClientStep {
  switch (message.t) {
    case "hi":
      return onHi(state, message, moment);
    case "subd":
    case "snap":
    case "d":
    case "tick":
      return onTopicMessage(state, message, moment.atMs, moment.roll);
    case "fresh":
      return onFresh(state, message, moment.atMs);
    case "ping":
      return { state, effects: [{ type: "send", message: { t: "pong" } }] };
    case "unsubd":
      return onUnsubscribed(state, message, moment.roll);
    case "err":
      return message.id === state.refreshId
        ? onRefreshRefused(state, message.retry, moment.roll)
        : onRefusal(state, message, moment.atMs, moment.roll);
    case "bye":
      return onBye(state, message, moment);
    default:
      return message satisfies never;
  }
}

function onHi(
  state: ClientState,
  message: Extract<ServerMessage, { readonly t: "hi" }>,
  { atMs }: Moment,
): ClientStep {
  if (state.connection.name === "live") return authorized(state, message);
  if (state.connection.name !== "greeting") return still(state);
  if (message.v !== PROTOCOL_VERSION) return stop(state, VERSION_NOT_SPOKEN, atMs);
  const { socket, sentAtMs } = state.connection;
  const silenceMaxMs = Math.min(Math.max(message.tick + message.grace, 1_000), SILENCE_MAX_MS);
  const live: ClientState = {
    ...state,
    connection: { name: "live", socket, sinceMs: atMs, silenceMaxMs, lastFrameAtMs: atMs },
    network: "online",
    hasBeenLive: true,
    unopened: transport(state) === "stream" ? state.unopened : 0,
    ticketRefusals: 0,
    // The hub read its clock about half a round trip ago.
    clockOffsetMs: message.now - (sentAtMs + atMs) / 2,
  };
  const timers: readonly ClientEffect[] = [
    { type: "cancelTimer", timer: "handshake" },
    { type: "startTimer", timer: "liveness", afterMs: silenceMaxMs },
    { type: "startTimer", timer: "health", afterMs: HEALTHY_AFTER_MS },
  ];
  const greeted = chained({ state: live, effects: timers }, (now) => authorized(now, message));
  return chained(greeted, subscribeUnasked);
}

function onTimer(state: ClientState, timer: Timer, moment: Moment): ClientStep {
  switch (timer) {
    case "handshake":
    case "liveness":
      return "socket" in state.connection ? onLost(state, DEAD, moment) : still(state);
    case "retry":
      return state.connection.name === "waiting" ? dial(state) : still(state);
    case "health":
      return still({ ...state, attempt: 0 });
    case "hidden": {
      const isUp = "socket" in state.connection || state.connection.name === "waiting";
      return isUp ? hide(state, moment) : still(state);
    }
    case "refresh": {
      const { connection } = state;
      if (connection.name !== "live") return still(state);
      return { state, effects: [{ type: "fetchTicket", socket: connection.socket }] };
    }
    default: {
      const [kind, name] = splitTimer(timer);
      return kind === "linger" ? onLingered(state, name) : onAgain(state, name, moment.atMs, moment.roll);
    }
  }
}

function splitTimer(timer: `linger ${string}` | `again ${string}`): ["linger" | "again", string] {
  return timer.startsWith("linger ") ? ["linger", timer.slice(7)] : ["again", timer.slice(6)];
}

/** Timers of a hidden page run late, so a connection may be long dead when the page is looked at. */
function onVisible(before: ClientState, moment: Moment): ClientStep {
  const seen: ClientStep = { state: before, effects: [{ type: "cancelTimer", timer: "hidden" }] };
  return chained(seen, (state) => onSeen(state, moment));
}

function onHidden(state: ClientState): ClientStep {
  if (state.hiddenAfterMs === null) return still(state);
  return { state, effects: [{ type: "startTimer", timer: "hidden", afterMs: state.hiddenAfterMs }] };
}

/** The page's own wish counts for more than that nobody looks; if nobody does, it rests again after a while. */
function onRetry(state: ClientState): ClientStep {
  switch (state.connection.name) {
    case "waiting":
    case "stopped":
      return dial(state);
    case "hidden":
      return chained(dial(state), onHidden);
    default:
      return still(state);
  }
}
