/** What becomes of a connection's topics: pure parts of connection-step.ts, under the rules of subscription.ts. */
import {
  type Connection,
  type ConnectionEffect,
  type ConnectionStep,
  prepended,
  refusal,
  still,
  TOPICS_PER_CONNECTION_MAX,
  type TopicAnswer,
  UnsubscribedCode,
} from "./connection.ts";
import type { ClientMessage, ErrorCode, ServerMessage, SubscribeRequest } from "./message.ts";
import type { Position } from "./position.ts";
import {
  type DeltaFrame,
  framesAfter,
  readingSubscription,
  type Subscription,
  withBuffered,
} from "./subscription.ts";

export function subscribe(connection: Connection, id: number, request: SubscribeRequest): ConnectionStep {
  const { topic } = request;
  const refuse = (code: ErrorCode, text: string): ConnectionStep => ({
    connection,
    effects: [refusal(id, code, text, topic)],
  });
  if (connection.topics.has(topic)) return refuse("already_subscribed", `already subscribed to ${topic}`);
  const admission = connection.rules.admitTopic(topic, connection.grant);
  if (!admission.ok) return refuse(admission.code, admission.message);
  if (connection.topics.size >= TOPICS_PER_CONNECTION_MAX) {
    return refuse("limit", `a connection may have ${TOPICS_PER_CONNECTION_MAX} topics`);
  }
  return read(connection, topic, positionOf(request), id);
}

export function onResync(
  connection: Connection,
  message: Extract<ClientMessage, { readonly t: "resync" }>,
): ConnectionStep {
  const { topic, id, why } = message;
  if (!connection.topics.has(topic)) {
    return {
      connection,
      effects: [refusal(id, "bad_request", `not subscribed to ${topic}; send sub`, topic)],
    };
  }
  return prepended([{ type: "resyncAsked", topic, why }], read(connection, topic, positionOf(message), id));
}

export function onUnsubscribe(connection: Connection, topic: string): ConnectionStep {
  if (!connection.topics.has(topic)) return still(connection);
  return { connection: without(connection, topic), effects: [{ type: "leaveTopic", topic }] };
}

function read(
  connection: Connection,
  topic: string,
  position: Position | undefined,
  requestId: number | undefined,
): ConnectionStep {
  const readId = connection.readsStarted + 1;
  return {
    connection: {
      ...withTopic(connection, topic, readingSubscription(readId, requestId)),
      readsStarted: readId,
    },
    effects: [{ type: "readTopic", topic, readId, position }],
  };
}

export function onTopicRead(
  connection: Connection,
  topic: string,
  readId: number,
  answer: TopicAnswer,
): ConnectionStep {
  const subscription = connection.topics.get(topic);
  if (subscription?.name !== "reading" || subscription.readId !== readId) return still(connection);
  if (answer.type === "ahead") {
    return unsubscribed(
      connection,
      topic,
      UnsubscribedCode.PositionAhead,
      "the position is further than the log",
    );
  }
  if (answer.type === "failed") return onReadFailed(connection, topic, subscription.requestId);

  const following = framesAfter(answer.position, subscription.buffered);
  if (following === undefined) return read(connection, topic, undefined, subscription.requestId);
  const { epoch: e, offset: o } = answer.position;
  const how = answer.type;
  const content =
    answer.type === "snapshot" ? answer.pages : answer.frame === undefined ? [] : [answer.frame.bytes];
  const effects: ConnectionEffect[] = [];
  if (subscription.requestId !== undefined) {
    effects.push({ type: "send", message: { t: "subd", id: subscription.requestId, topic, e, o, how } });
  }
  for (const bytes of content) effects.push({ type: "sendBytes", bytes });
  for (const frame of following) effects.push({ type: "sendBytes", bytes: frame.bytes });
  effects.push({ type: "goLive", topic });
  return { connection: withTopic(connection, topic, { name: "live" }), effects };
}

function onReadFailed(connection: Connection, topic: string, requestId: number | undefined): ConnectionStep {
  if (requestId === undefined) {
    return unsubscribed(connection, topic, UnsubscribedCode.Unreadable, "the topic could not be read");
  }
  const effects: ConnectionEffect[] = [
    { type: "leaveTopic", topic },
    refusal(requestId, "unavailable", "the topic could not be read; try again", topic),
  ];
  return { connection: without(connection, topic), effects };
}

export function onTopicChanged(connection: Connection, topic: string, frame: DeltaFrame): ConnectionStep {
  const subscription = connection.topics.get(topic);
  if (subscription?.name !== "reading") return still(connection);
  const buffered = withBuffered(subscription, frame);
  if (buffered === undefined) return read(connection, topic, undefined, subscription.requestId);
  return still(withTopic(connection, topic, buffered));
}

export function onFellBehind(connection: Connection, topic: string, position: Position): ConnectionStep {
  if (connection.topics.get(topic)?.name !== "live") return still(connection);
  return still(withTopic(connection, topic, { name: "behind", position }));
}

export function onDrained(connection: Connection): ConnectionStep {
  let result = still(connection);
  for (const [topic, subscription] of connection.topics) {
    if (subscription.name !== "behind") continue;
    result = prepended(result.effects, read(result.connection, topic, subscription.position, undefined));
  }
  return result;
}

export function onReadAgain(connection: Connection, topic: string, position: Position): ConnectionStep {
  const subscription = connection.topics.get(topic);
  if (subscription === undefined || subscription.name === "behind") return still(connection);
  const isReading = subscription.name === "reading";
  return read(
    connection,
    topic,
    isReading ? undefined : position,
    isReading ? subscription.requestId : undefined,
  );
}

export function onTopicBroken(connection: Connection, topic: string): ConnectionStep {
  if (!connection.topics.has(topic)) return still(connection);
  return unsubscribed(connection, topic, UnsubscribedCode.EpochChanged, "the topic began anew");
}

/** After a new grant: what it does not allow is given up. */
export function recheckTopics(connection: Connection): ConnectionStep {
  let result = still(connection);
  for (const topic of connection.topics.keys()) {
    const admission = connection.rules.admitTopic(topic, connection.grant);
    if (admission.ok) continue;
    const given = unsubscribed(result.connection, topic, UnsubscribedCode.NotAllowed, admission.message);
    result = prepended(result.effects, given);
  }
  return result;
}

function unsubscribed(connection: Connection, topic: string, code: number, msg: string): ConnectionStep {
  const message: ServerMessage = { t: "unsubd", topic, code, msg };
  return {
    connection: without(connection, topic),
    effects: [
      { type: "leaveTopic", topic },
      { type: "send", message },
    ],
  };
}

function positionOf(request: SubscribeRequest): Position | undefined {
  return request.e === undefined || request.o === undefined
    ? undefined
    : { epoch: request.e, offset: request.o };
}

function withTopic(connection: Connection, topic: string, subscription: Subscription): Connection {
  return { ...connection, topics: new Map(connection.topics).set(topic, subscription) };
}

function without(connection: Connection, topic: string): Connection {
  const topics = new Map(connection.topics);
  topics.delete(topic);
  return { ...connection, topics };
}
