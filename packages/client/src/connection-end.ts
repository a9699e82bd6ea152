/**
 * The ends and beginnings of sockets within the connection machine: dialing, losing, being sent away, giving up.
 * Whatever ends a socket goes through `hangUp`, so nothing of it outlives it.
 */
import type { ServerMessage } from "@guildwire/live";
import { detached, withoutPosition } from "@guildwire/live";
import { backoffMs, HEALTHY_AFTER_MS } from "./backoff.ts";
import { closeAction, SOCKETS_WORK } from "./close-policy.ts";
import type {
  ClientEffect,
  ClientState,
  ClientStep,
  Timer,
  TopicState,
  Transport,
} from "./connection-state.ts";
import { chained } from "./topic-step.ts";

/** From dialing to `hi`. */
export const HANDSHAKE_MAX_MS = 10_000;
/** However long a hub asks to be left alone, no wait is longer. */
export const ASKED_WAIT_MAX_MS = 120_000;

const TICKET_REFUSALS_MAX = 1;
/** After so many sockets that did not open, the event stream and the socket are tried in turn. */
const UNOPENED_MAX = 2;

/** What the next connection is to be made over, or the present one is. */
export function transport({ unopened }: ClientState): Transport {
  return unopened >= UNOPENED_MAX && unopened % 2 === 0 ? "stream" : "socket";
}

/** When an input came, and its share of chance. */
export interface Moment {
  readonly atMs: number;
  readonly roll: number;
}

export function dial(state: ClientState): ClientStep {
  const socket = state.sockets + 1;
  return {
    state: {
      ...state,
      sockets: socket,
      connection: { name: "dialing", socket, by: state.resume === null ? "ticket" : "resume" },
    },
    effects: [
      { type: "cancelTimer", timer: "retry" },
      { type: "connect", socket, resume: state.resume, over: transport(state) },
      { type: "startTimer", timer: "handshake", afterMs: HANDSHAKE_MAX_MS },
    ],
  };
}

export function onBye(
  state: ClientState,
  message: Extract<ServerMessage, { readonly t: "bye" }>,
  moment: Moment,
): ClientStep {
  if (closeAction(message.code) === "stop") return stop(state, message.code, moment.atMs);
  const askedMs = Math.min(Math.max(0, message.after + moment.roll * message.spread), ASKED_WAIT_MAX_MS);
  const kept = closeAction(message.code) === "forget" ? forgetful(state) : state;
  if (wasHealthy(state, moment)) return rest(kept, Math.round(askedMs), true, moment.atMs);
  // A hub that sends everybody away as they come may ask for no wait at all.
  const attempt = state.attempt + 1;
  const waitMs = Math.max(askedMs, backoffMs(attempt, moment.roll));
  return rest({ ...kept, attempt }, Math.round(waitMs), true, moment.atMs);
}

function wasHealthy({ connection }: ClientState, { atMs }: Moment): boolean {
  return connection.name === "live" && atMs - connection.sinceMs >= HEALTHY_AFTER_MS;
}

export function onLost(state: ClientState, code: number, moment: Moment): ClientStep {
  if (code === SOCKETS_WORK) return redial({ ...state, unopened: 0 }, moment);
  const action = closeAction(code);
  // What the hub gave may have ended meanwhile: that is no refusal of the page's own ticket.
  const isRefusal = action === "newTicket" && !("by" in state.connection && state.connection.by === "resume");
  const refusals = state.ticketRefusals + (isRefusal ? 1 : 0);
  if (action === "stop" || refusals > TICKET_REFUSALS_MAX) return stop(state, code, moment.atMs);
  const attempt = state.attempt + 1;
  const kept = action === "forget" ? forgetful(state) : state;
  const resume = action === "resume" ? kept.resume : null;
  const unopened = state.unopened + (state.connection.name === "live" ? 0 : 1);
  const lost = { ...kept, resume, attempt, unopened, ticketRefusals: refusals };
  return rest(lost, backoffMs(attempt, moment.roll), false, moment.atMs);
}

/** The hub's word that no position and no token counts any more: of every topic, not only of those in use. */
function forgetful(state: ClientState): ClientState {
  const topics = mapTopics(state, (topic) => ({ ...topic, replica: withoutPosition(topic.replica) }));
  return { ...topics, resume: null };
}

function mapTopics(state: ClientState, change: (topic: TopicState) => TopicState): ClientState {
  const topics = new Map<string, TopicState>();
  for (const [name, topic] of state.topics) topics.set(name, change(topic));
  return { ...state, topics };
}

function rest(state: ClientState, waitMs: number, asked: boolean, atMs: number): ClientStep {
  const waiting: ClientState = {
    ...state,
    connection: { name: "waiting", untilMs: atMs + waitMs, asked },
    lostAtMs: state.connection.name === "live" ? atMs : state.lostAtMs,
  };
  return hangUp(waiting, [{ type: "startTimer", timer: "retry", afterMs: waitMs }]);
}

export function stop(state: ClientState, code: number, atMs: number): ClientStep {
  return hangUp(unwatched({ ...state, connection: { name: "stopped", atMs, code } }), [
    { type: "cancelTimer", timer: "retry" },
    { type: "cancelTimer", timer: "hidden" },
  ]);
}

/** From here on nobody listens to the browser's signs: what they said last may be wrong when somebody does again. */
export function unwatched(state: ClientState): ClientState {
  return { ...state, network: "online" };
}

/** Leaves the present socket, if any, with all that belongs to it. */
export function hangUp(state: ClientState, more: readonly ClientEffect[]): ClientStep {
  const socketTimers: readonly Timer[] = ["handshake", "liveness", "health", "refresh"];
  const topicTimers = [...state.topics.keys()].map((name): Timer => `again ${name}`);
  const cancels = [...socketTimers, ...topicTimers].map(
    (timer): ClientEffect => ({ type: "cancelTimer", timer }),
  );
  const left = mapTopics({ ...state, refreshId: null }, (topic) => ({
    ...topic,
    replica: detached(topic.replica),
    request: { name: "none" },
  }));
  return { state: left, effects: [{ type: "closeSocket" }, ...cancels, ...more] };
}

/** Nobody looks: the socket goes, what is held and where it stands stay. */
export function hide(state: ClientState, { atMs }: Moment): ClientStep {
  const lostAtMs = state.connection.name === "live" ? atMs : state.lostAtMs;
  return hangUp({ ...state, connection: { name: "hidden" }, lostAtMs }, [
    { type: "cancelTimer", timer: "retry" },
  ]);
}

export function redial(state: ClientState, { atMs }: Moment): ClientStep {
  return chained(rest(state, 0, false, atMs), dial);
}

/** A hidden page may have been asleep for longer than a connection lives. */
export function onSeen(state: ClientState, moment: Moment): ClientStep {
  const { connection } = state;
  if (connection.name === "hidden") return dial(state);
  if (connection.name === "waiting") return connection.asked ? { state, effects: [] } : dial(state);
  if (connection.name !== "live" || moment.atMs - connection.lastFrameAtMs <= connection.silenceMaxMs) {
    return { state, effects: [] };
  }
  return redial(state, moment);
}

/** The network came back: a socket that was silent since it went is of the old network. */
export function onOnline(state: ClientState, wasOffline: boolean, moment: Moment): ClientStep {
  const { connection } = state;
  if (connection.name === "waiting") return connection.asked ? { state, effects: [] } : dial(state);
  return wasOffline && connection.name === "live" ? redial(state, moment) : { state, effects: [] };
}
