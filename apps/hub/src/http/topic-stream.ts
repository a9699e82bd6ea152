/**
 * One topic as events to one reader: another kind of member of the topic's feed, with the rules of a socket's
 * subscription (`@guildwire/live`, subscription.ts).
 *
 *   reading ──answer──▶ live ──the response fills up──▶ behind ──it has drained──▶ reading
 *
 * Rules:
 *   V1  The id of an event is the position after it. A snapshot in pages has it on the last page alone, so a stream
 *       that is cut in the middle begins anew.
 *   V2  A position that cannot be continued, and a topic that began anew, get a snapshot in the same stream.
 *   V3  Past `BACKLOG_SOFT_BYTES` nothing more is queued but the answer to a read; when that has drained, one squashed
 *       delta or a snapshot follows. A reader that has not drained within `BEHIND_MAX_MS` is cut off.
 *   V4  A topic that cannot be read ends the stream; the browser comes back by itself.
 *   V5  A reader that asks for greetings gets a `subd` before the first answer, as on a socket, and so knows at once that
 *       it follows.
 */
import {
  type DeltaFrame,
  framesAfter,
  type Position,
  readingSubscription,
  type Subscription,
  type TopicAnswer,
  withBuffered,
} from "@guildwire/live";
import type { Clock } from "@guildwire/runtime";
import type { HubMetrics } from "../hub-metrics.ts";
import { BACKLOG_SOFT_BYTES, BEHIND_MAX_MS } from "../sockets/browser-socket.ts";
import type { FeedMember } from "../sockets/topic-feed.ts";
import type { TopicFeeds } from "../sockets/topic-feeds.ts";
import { type EncodeEvent, messageEvent } from "./stream-event.ts";

/** The writing end of a response. */
export interface EventSink {
  write(bytes: Uint8Array): void;
  /** What was written and has not been taken yet. */
  backlogBytes(): number;
  /** After what was written. */
  end(): void;
  /** At once. */
  cut(): void;
}

export interface TopicStreamParts {
  readonly topic: string;
  readonly from: Position | undefined;
  /** Whether `fresh` events are asked for. */
  readonly takesFresh: boolean;
  readonly greets?: boolean;
  readonly sink: EventSink;
  readonly feeds: TopicFeeds;
  readonly encode: EncodeEvent;
  readonly clock: Clock;
  readonly metrics: HubMetrics;
}

export interface TopicStream {
  /** The response has taken something. */
  drained(): void;
  /** Lets go of the topic; nothing is written any more. */
  close(): void;
}

const DRAINED_BYTES = BACKLOG_SOFT_BYTES / 4;

export function openTopicStream(parts: TopicStreamParts): TopicStream {
  const { topic, sink, feeds, encode, clock, metrics } = parts;
  let subscription: Subscription = readingSubscription(0, undefined);
  let readsStarted = 0;
  let isGreeted = parts.greets !== true;
  let isClosed = false;
  let cancelCutOff: (() => void) | undefined;

  const member: FeedMember = {
    takeFrame(frame) {
      if (isFull(frame.bytes)) fallBehind({ epoch: frame.epoch, offset: frame.from });
      else writeDelta(frame);
    },
    takeNotice(bytes, kind) {
      if (kind === "fresh" && !parts.takesFresh) return;
      if (isFull(bytes)) awaitDrain();
      else sink.write(encode(kind, bytes));
    },
    topicChanged(frame) {
      if (subscription.name !== "reading") return;
      const buffered = withBuffered(subscription, frame);
      if (buffered === undefined) read(undefined);
      else subscription = buffered;
    },
    readAgain(before) {
      if (subscription.name !== "behind") read(subscription.name === "reading" ? undefined : before);
    },
    topicBroken() {
      if (subscription.name !== "behind") read(undefined);
    },
  };

  function read(position: Position | undefined): void {
    const readId = ++readsStarted;
    subscription = readingSubscription(readId, undefined);
    const feed = feeds.of(topic);
    feed.startReading(member);
    void feed.read(position).then((answer) => takeAnswer(readId, answer));
  }

  function takeAnswer(readId: number, answer: TopicAnswer): void {
    if (isClosed || subscription.name !== "reading" || subscription.readId !== readId) return;
    if (answer.type === "failed") {
      close();
      sink.end();
      return;
    }
    const following =
      answer.type === "ahead" ? undefined : framesAfter(answer.position, subscription.buffered);
    if (answer.type === "ahead" || following === undefined) {
      read(undefined);
      return;
    }
    metrics.subscriptions.at(answer.type).add();
    if (!isGreeted) greet(answer);
    if (answer.type === "snapshot") writeSnapshot(answer.pages, answer.position);
    else if (answer.frame !== undefined) writeDelta(answer.frame);
    for (const frame of following) writeDelta(frame);
    subscription = { name: "live" };
    feeds.of(topic).goLive(member);
  }

  function greet({ type, position }: Extract<TopicAnswer, { readonly position: Position }>): void {
    isGreeted = true;
    const { epoch: e, offset: o } = position;
    const how = type === "snapshot" ? "snapshot" : "resumed";
    sink.write(messageEvent({ t: "subd", id: 0, topic, e, o, how }));
  }

  function writeSnapshot(pages: readonly Uint8Array[], position: Position): void {
    for (const [index, page] of pages.entries()) {
      sink.write(encode("snap", page, index === pages.length - 1 ? position : undefined));
    }
  }

  function writeDelta({ epoch, to, bytes }: DeltaFrame): void {
    sink.write(encode("d", bytes, { epoch, offset: to }));
  }

  function isFull(bytes: Uint8Array): boolean {
    const backlog = sink.backlogBytes();
    return backlog > 0 && backlog + bytes.byteLength > BACKLOG_SOFT_BYTES;
  }

  function fallBehind(position: Position): void {
    metrics.fellBehind.add();
    feeds.of(topic).pause(member);
    subscription = { name: "behind", position };
    awaitDrain();
  }

  function awaitDrain(): void {
    cancelCutOff ??= clock.after(BEHIND_MAX_MS, cutOff);
  }

  function cutOff(): void {
    if (isClosed) return;
    metrics.slowCloses.add();
    close();
    sink.cut();
  }

  function close(): void {
    if (isClosed) return;
    isClosed = true;
    cancelCutOff?.();
    feeds.leave(topic, member);
  }

  read(parts.from);
  return {
    drained() {
      if (isClosed || sink.backlogBytes() > DRAINED_BYTES) return;
      cancelCutOff?.();
      cancelCutOff = undefined;
      if (subscription.name === "behind") read(subscription.position);
    },
    close,
  };
}
