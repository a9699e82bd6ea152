/**
 * One topic within the connection machine: asking for it, its messages, its refusals. Every function takes and gives
 * a whole step, so that they chain.
 */
import {
  AUTH_SUBS_MAX,
  type ClientMessage,
  detached,
  emptyReplica,
  type Replica,
  type ReplicaEffect,
  receive,
  replicaFrom,
  type ServerMessage,
  type SubscribeRequest,
  startAgain,
  type TopicMessage,
  withoutPosition,
} from "@guildwire/live";
import { backoffMs } from "./backoff.ts";
import type { ClientEffect, ClientState, ClientStep, Handoff, Seen, TopicState } from "./connection-state.ts";

/** A component that remounts does not cost an unsubscribe and a subscribe. */
export const LINGER_MS = 1_000;
/** A stuck topic asks again after this, or up to twice as long. */
export const STUCK_PAUSE_MS = 10_000;

export function withTopic(state: ClientState, name: string, topic: TopicState): ClientState {
  return { ...state, topics: new Map(state.topics).set(name, topic) };
}

export function newTopic(name: string, handoff: Handoff | undefined): TopicState {
  const replica = handoff === undefined ? emptyReplica(name) : handedOver(name, handoff);
  return { replica, holders: 0, request: { name: "none" }, failures: 0, latencyMs: null, seen: null };
}

function handedOver(name: string, { epoch, offset, entries }: Handoff): Replica {
  return replicaFrom(name, { epoch, offset }, entries);
}

/** A copy is taken over only while nothing better is held: never over one that is being followed. */
export function takesHandoff(topic: TopicState, handoff: Handoff | undefined): TopicState {
  if (handoff === undefined || topic.replica.sync.name !== "detached") return topic;
  const held = topic.replica.position;
  const isNewer = held === null || (held.epoch === handoff.epoch && held.offset < handoff.offset);
  return isNewer ? { ...topic, replica: handedOver(topic.replica.topic, handoff) } : topic;
}

function subscribeRequest(replica: Replica): SubscribeRequest {
  const { topic, position } = replica;
  return position === null ? { topic } : { topic, e: position.epoch, o: position.offset };
}

/** Sends a message that is about a topic, under a number by which a refusal can be told. */
function asking(
  state: ClientState,
  name: string,
  topic: TopicState,
  message: (id: number) => ClientMessage & { readonly t: "sub" | "resync" },
): ClientStep {
  const id = state.nextId;
  const asked = message(id);
  const sent = withTopic(state, name, { ...topic, request: { name: "sent", id, as: asked.t } });
  return { state: { ...sent, nextId: id + 1 }, effects: [{ type: "send", message: asked }] };
}

/** Letters of a frame; a ticket has what is left of the 8 KiB that a hub takes. */
const SUBS_LENGTH_MAX = 5_120;

/** As many topics as fit into the first frame. What does not is asked for by itself when the hub has said `hi`. */
export function subscribedByAuth(state: ClientState): readonly SubscribeRequest[] {
  const subs: SubscribeRequest[] = [];
  let length = 0;
  for (const { replica } of state.topics.values()) {
    const request = subscribeRequest(replica);
    length += JSON.stringify(request).length;
    if (subs.length === AUTH_SUBS_MAX || length > SUBS_LENGTH_MAX) break;
    subs.push(request);
  }
  return subs;
}

/** Subscribes every topic that was not part of `auth`. */
export function subscribeUnasked(state: ClientState): ClientStep {
  let step: ClientStep = { state, effects: [] };
  for (const [name, topic] of state.topics) {
    if (topic.request.name === "none") step = chained(step, (now) => subscribe(now, name, topic));
  }
  return step;
}

export function subscribe(state: ClientState, name: string, topic: TopicState): ClientStep {
  return asking(state, name, topic, (id) => ({ t: "sub", id, ...subscribeRequest(topic.replica) }));
}

export function chained(step: ClientStep, next: (state: ClientState) => ClientStep): ClientStep {
  const following = next(step.state);
  return { state: following.state, effects: [...step.effects, ...following.effects] };
}

export function onTopicMessage(
  state: ClientState,
  message: TopicMessage,
  atMs: number,
  roll: number,
): ClientStep {
  const topic = state.topics.get(message.topic);
  if (topic === undefined) return onUnwantedTopic(state, message);
  // Of a subscription that was given up: what was asked for since then is still to be answered.
  if (message.t === "tick" && isAwaited(topic)) return { state, effects: [] };
  const { replica, effects } = receive(topic.replica, message, atMs);
  if (replica === topic.replica) return { state, effects: [] };
  const isFollowing = replica.sync.name === "following";
  const next: TopicState = {
    ...topic,
    replica,
    failures: isFollowing ? 0 : topic.failures,
    latencyMs: latencyOf(topic, replica, state.clockOffsetMs, atMs),
    seen: message.t === "d" && isFollowing ? seenNow(state, atMs) : topic.seen,
  };
  return afterReplica(withTopic(state, message.topic, next), message.topic, effects, roll);
}

type Fresh = Extract<ServerMessage, { readonly t: "fresh" }>;

/** How long ago each hop was received becomes a time of the hub's clock. */
export function onFresh(
  state: ClientState,
  { topic: name, worker, discord }: Fresh,
  atMs: number,
): ClientStep {
  const topic = state.topics.get(name);
  if (topic === undefined) return { state, effects: [] };
  const nowMs = atMs + (state.clockOffsetMs ?? 0);
  const seen = { workerMs: nowMs - worker, discordMs: discord === null ? null : nowMs - discord };
  return { state: withTopic(state, name, { ...topic, seen }), effects: [] };
}

/** A change comes from Discord, all the way. */
function seenNow({ clockOffsetMs }: ClientState, atMs: number): Seen {
  const nowMs = atMs + (clockOffsetMs ?? 0);
  return { workerMs: nowMs, discordMs: nowMs };
}

function isAwaited({ request, replica }: TopicState): boolean {
  return request.name === "sent" && replica.sync.name === "detached";
}

/** Given up before the hub had confirmed it. */
function onUnwantedTopic(state: ClientState, message: TopicMessage): ClientStep {
  if (message.t !== "subd") return { state, effects: [] };
  const id = state.nextId;
  return {
    state: { ...state, nextId: id + 1 },
    effects: [{ type: "send", message: { t: "unsub", id, topic: message.topic } }],
  };
}

/** Only what was followed live says how long a change takes; what was caught up with says how long this page was away. */
function latencyOf(
  topic: TopicState,
  replica: Replica,
  clockOffsetMs: number | null,
  atMs: number,
): number | null {
  if (replica.newestAt === null || replica.newestAt === topic.replica.newestAt) return topic.latencyMs;
  return Math.max(0, Math.round(atMs + (clockOffsetMs ?? 0) - replica.newestAt));
}

function afterReplica(
  state: ClientState,
  name: string,
  effects: readonly ReplicaEffect[],
  roll: number,
): ClientStep {
  let step: ClientStep = { state, effects: [] };
  for (const effect of effects) step = chained(step, (now) => perform(now, name, effect, roll));
  return step;
}

function perform(state: ClientState, name: string, effect: ReplicaEffect, roll: number): ClientStep {
  const topic = state.topics.get(name);
  if (topic === undefined) return { state, effects: [] };
  if (effect.type === "stuck") {
    const afterMs = Math.round(STUCK_PAUSE_MS * (1 + roll));
    return { state, effects: [{ type: "startTimer", timer: `again ${name}`, afterMs }] };
  }
  const { why, position, digest } = effect;
  const at = position === null ? {} : { e: position.epoch, o: position.offset };
  return asking(state, name, topic, (id) => ({ t: "resync", id, topic: name, ...at, why, dg: digest }));
}

/** The pause after a refusal, or of a stuck topic, is over. */
export function onAgain(state: ClientState, name: string, atMs: number, roll: number): ClientStep {
  const topic = state.topics.get(name);
  if (topic === undefined || state.connection.name !== "live") return { state, effects: [] };
  switch (topic.replica.sync.name) {
    case "detached":
      return subscribe(state, name, topic);
    case "stuck":
      return startOver(state, name, topic, atMs, roll);
    // It was answered meanwhile.
    default:
      return { state, effects: [] };
  }
}

function startOver(
  state: ClientState,
  name: string,
  topic: TopicState,
  atMs: number,
  roll: number,
): ClientStep {
  const { replica, effects } = startAgain(topic.replica, atMs);
  return afterReplica(withTopic(state, name, { ...topic, replica }), name, effects, roll);
}

type Refusal = Extract<ServerMessage, { readonly t: "err" }>;

/**
 * `auth` asks for several topics under one number. A refusal says which it is about; of one that does not, each is asked
 * anew.
 */
export function onRefusal(state: ClientState, message: Refusal, atMs: number, roll: number): ClientStep {
  const asked = [...state.topics].filter(
    ([name, { request }]) =>
      request.name === "sent" && request.id === message.id && (message.topic ?? name) === name,
  );
  let step: ClientStep = { state, effects: [] };
  for (const [name, topic] of asked) {
    step = chained(step, (now) =>
      asked.length === 1
        ? onTopicRefusal(now, name, topic, message, atMs, roll)
        : tryLater(now, name, { ...topic, request: { name: "none" } }, roll),
    );
  }
  return step;
}

function onTopicRefusal(
  state: ClientState,
  name: string,
  topic: TopicState,
  message: Refusal,
  atMs: number,
  roll: number,
): ClientStep {
  if (message.code === "already_subscribed") return startOver(state, name, topic, atMs, roll);
  const asResync = topic.request.name === "sent" && topic.request.as === "resync";
  // A resync is refused when the hub has let go of the topic; subscribing tells whether it still may be had.
  if (message.retry || asResync) {
    return tryLater(
      state,
      name,
      { ...topic, replica: detached(topic.replica), request: { name: "none" } },
      roll,
    );
  }
  const refused = refuse(state, name, topic, { name: "refused", code: message.code, message: message.msg });
  if (message.code !== "unknown_topic") return refused;
  // A hub that was restarted learns of its topics only when its worker speaks again.
  const told = refused.state.topics.get(name) ?? topic;
  return tryLater(refused.state, name, told, roll);
}

function tryLater(state: ClientState, name: string, topic: TopicState, roll: number): ClientStep {
  const failures = topic.failures + 1;
  const timer: ClientEffect = {
    type: "startTimer",
    timer: `again ${name}`,
    afterMs: backoffMs(failures, roll),
  };
  return { state: withTopic(state, name, { ...topic, failures }), effects: [timer] };
}

function refuse(
  state: ClientState,
  name: string,
  topic: TopicState,
  request: Extract<TopicState["request"], { readonly name: "refused" }>,
): ClientStep {
  return {
    state: withTopic(state, name, { ...topic, replica: detached(topic.replica), request }),
    effects: [],
  };
}

type Unsubscribed = Extract<ServerMessage, { readonly t: "unsubd" }>;

/** 2100–2199: subscribe again, from nothing; anything else: do not. An answer to our own `unsub` finds no topic here. */
export function onUnsubscribed(state: ClientState, message: Unsubscribed, roll: number): ClientStep {
  const topic = state.topics.get(message.topic);
  if (topic === undefined) return { state, effects: [] };
  if (message.code >= 2100 && message.code < 2200) {
    const replica = withoutPosition(detached(topic.replica));
    return tryLater(state, message.topic, { ...topic, replica, request: { name: "none" } }, roll);
  }
  // 22xx: this page may not have it any more, and that goes for what it has of it.
  const emptied = { ...topic, replica: emptyReplica(message.topic) };
  return refuse(state, message.topic, emptied, {
    name: "refused",
    code: "unsubscribed",
    message: message.msg,
  });
}
