/**
 * The shell around one browser's connection: performs the effects of the pure machine (`@guildwire/live`,
 * connection.ts) on a real socket, in order, and feeds back what comes of them.
 *
 * A socket that does not read: past `BACKLOG_SOFT_BYTES` its topics pause (one squashed delta when it has drained);
 * past `BACKLOG_HARD_BYTES`, or when it has not drained within `BEHIND_MAX_MS`, it is ended.
 */

import type { Duplex } from "node:stream";
import {
  type Connection,
  type ConnectionEffect,
  type ConnectionInput,
  type ConnectionRules,
  type ConnectionStep,
  type GrantOutcome,
  HubCloseCode,
  openConnection,
  type Position,
  type ServerMessage,
  stepConnection,
} from "@guildwire/live";
import type { Clock } from "@guildwire/runtime";
import type { RawData, WebSocket } from "ws";
import type { Seat } from "../access/connection-limits.ts";
import type { HubMetrics } from "../hub-metrics.ts";
import { SocketMember } from "./socket-member.ts";
import type { TextFrames } from "./text-frame.ts";
import type { FeedMember } from "./topic-feed.ts";
import type { TopicFeeds } from "./topic-feeds.ts";

export const BACKLOG_SOFT_BYTES = 65_536;
export const BACKLOG_HARD_BYTES = 1_048_576;
const DRAINED_BYTES = BACKLOG_SOFT_BYTES / 4;
const DRAIN_CHECK_MS = 100;
export const BEHIND_MAX_MS = 30_000;

export interface BrowserSocketParts {
  readonly socket: WebSocket;
  /** What `socket` writes to. It must not compress: then it writes at once, and keeps nothing that could be overtaken. */
  readonly stream: Duplex;
  readonly textFrames: TextFrames;
  readonly feeds: TopicFeeds;
  readonly rules: ConnectionRules;
  readonly seat: Seat;
  /** Never rejects. */
  readonly verifyTicket: (ticket: string) => Promise<GrantOutcome>;
  readonly clock: Clock;
  readonly metrics: HubMetrics;
}

export interface BrowserSocket {
  /** Every tick: ends a socket whose other end has not been heard since the last one, asks the others. */
  checkLife(): void;
  /** Says goodbye and closes; the browser stays away for `afterMs` + random(`spreadMs`). */
  sayBye(code: HubCloseCode, afterMs: number, spreadMs: number): void;
  terminate(): void;
}

export function createBrowserSocket(parts: BrowserSocketParts): BrowserSocket {
  const { socket, stream, textFrames, feeds, rules, seat, verifyTicket, clock, metrics } = parts;
  const memberships = new Map<string, FeedMember>();
  let isAlive = true;
  let cancelAuthTimer: (() => void) | undefined;
  let cancelExpiryTimer: (() => void) | undefined;
  let cancelDrainCheck: (() => void) | undefined;
  let behindSinceMs: number | undefined;
  let connection: Connection;

  function take(input: ConnectionInput): void {
    perform(stepConnection(connection, input));
  }

  function perform(result: ConnectionStep): void {
    connection = result.connection;
    const { effects } = result;
    if (!isOneWrite(effects)) {
      for (const effect of effects) performOne(effect);
      return;
    }
    stream.cork();
    try {
      for (const effect of effects) performOne(effect);
    } finally {
      stream.uncork();
    }
  }

  function performOne(effect: ConnectionEffect): void {
    switch (effect.type) {
      case "send":
        if (effect.message.t === "subd") metrics.subscriptions.at(effect.message.how).add();
        send(JSON.stringify(effect.message));
        return;
      case "sendBytes":
        sendShared(effect.bytes);
        return;
      case "startAuthTimer":
        cancelAuthTimer = clock.after(effect.afterMs, () => take({ type: "authTimedOut" }));
        return;
      case "cancelAuthTimer":
        cancelAuthTimer?.();
        if (connection.phase === "open") seat.greeted(connection.grant.subject);
        return;
      case "verifyTicket":
        void verifyTicket(effect.ticket).then(takeOutcome);
        return;
      case "startExpiryTimer":
        cancelExpiryTimer?.();
        cancelExpiryTimer = clock.after(effect.atMs - clock.wallMs(), () =>
          take({ type: "authorizationEnded" }),
        );
        return;
      case "readTopic":
        readTopic(effect.topic, effect.readId, effect.position);
        return;
      case "goLive":
        feeds.of(effect.topic).goLive(memberOf(effect.topic));
        return;
      case "leaveTopic":
        leaveTopic(effect.topic);
        return;
      case "resyncAsked":
        metrics.resyncs.at(effect.why).add();
        return;
      case "close":
        close(effect.code, effect.reason);
        return;
      default:
        effect satisfies never;
    }
  }

  /** Whether there is still room for this user, which only now has a name. */
  function seated(outcome: GrantOutcome): GrantOutcome {
    if (!outcome.ok || seat.hasRoomFor(outcome.grant.subject)) return outcome;
    return { ok: false, code: "limit", message: "this user has too many connections open; close one" };
  }

  function takeOutcome(verified: GrantOutcome): void {
    const outcome = seated(verified);
    metrics.tickets.at(outcome.ok ? "granted" : outcome.code).add();
    take({ type: "ticketVerified", outcome, atMs: clock.wallMs() });
  }

  function readTopic(topic: string, readId: number, position: Position | undefined): void {
    const feed = feeds.of(topic);
    feed.startReading(memberOf(topic));
    void feed.read(position).then((answer) => take({ type: "topicRead", topic, readId, answer }));
  }

  function memberOf(topic: string): FeedMember {
    const member = memberships.get(topic) ?? createMember(topic);
    memberships.set(topic, member);
    return member;
  }

  function createMember(topic: string): FeedMember {
    return new SocketMember(socket, stream, textFrames, {
      isFull,
      send: sendShared,
      takesFresh: () => connection.takesFresh,
      fallBehind: (position) => fallBehind(topic, position),
      topicChanged: (frame) => take({ type: "topicChanged", topic, frame }),
      readAgain: (position) => take({ type: "readAgain", topic, position }),
      topicBroken: () => take({ type: "topicBroken", topic }),
    });
  }

  function leaveTopic(topic: string): void {
    const member = memberships.get(topic);
    if (member === undefined) return;
    memberships.delete(topic);
    feeds.leave(topic, member);
  }

  function isFull(bytes: number): boolean {
    const waiting = stream.writableLength;
    return waiting > 0 && waiting + bytes > BACKLOG_SOFT_BYTES;
  }

  function fallBehind(topic: string, position: Position): void {
    metrics.fellBehind.add();
    feeds.of(topic).pause(memberOf(topic));
    take({ type: "fellBehind", topic, position });
    behindSinceMs ??= clock.monotonicMs();
    cancelDrainCheck ??= clock.after(DRAIN_CHECK_MS, checkDrained);
  }

  function checkDrained(): void {
    cancelDrainCheck = undefined;
    if (stream.writableLength <= DRAINED_BYTES) {
      behindSinceMs = undefined;
      take({ type: "drained" });
    } else if (clock.monotonicMs() - (behindSinceMs ?? 0) > BEHIND_MAX_MS) endSlow();
    else cancelDrainCheck = clock.after(DRAIN_CHECK_MS, checkDrained);
  }

  function send(data: string | Uint8Array): void {
    if (socket.readyState !== socket.OPEN) return;
    socket.send(data, { binary: false });
    endIfFlooded();
  }

  /** What many get. It goes past `ws`, which has nothing to do but to write a header; its own frames keep their order. */
  function sendShared(bytes: Uint8Array): void {
    const frame = textFrames(bytes);
    if (frame === undefined) {
      send(bytes);
      return;
    }
    if (socket.readyState !== socket.OPEN) return;
    stream.write(frame);
    endIfFlooded();
  }

  function endIfFlooded(): void {
    if (stream.writableLength > BACKLOG_HARD_BYTES) endSlow();
  }

  function endSlow(): void {
    metrics.slowCloses.add();
    close(HubCloseCode.TooSlow, "too slow");
    // The close frame waits behind what is not being read.
    socket.terminate();
  }

  function close(code: HubCloseCode, reason: string): void {
    if (socket.readyState !== socket.OPEN) return;
    metrics.closes.at(String(code)).add();
    socket.close(code, reason);
  }

  function release(): void {
    cancelAuthTimer?.();
    cancelExpiryTimer?.();
    cancelDrainCheck?.();
    seat.leave();
    connection = { ...connection, phase: "closed", topics: new Map() };
    for (const topic of [...memberships.keys()]) leaveTopic(topic);
  }

  socket.on("message", (data: RawData, isBinary: boolean) => {
    isAlive = true;
    if (isBinary) take({ type: "binaryReceived" });
    else take({ type: "frameReceived", text: String(data), atMs: clock.wallMs() });
  });
  socket.on("pong", () => {
    isAlive = true;
  });
  // The close event follows with the code; there is nothing to add.
  socket.on("error", () => {});
  socket.on("close", release);
  const opened = openConnection(rules, clock.wallMs());
  connection = opened.connection;
  perform(opened);

  return {
    checkLife() {
      if (!isAlive) {
        metrics.closes.at("dead").add();
        socket.terminate();
        return;
      }
      isAlive = false;
      if (socket.readyState !== socket.OPEN) return;
      socket.ping();
      if (connection.phase === "open" && connection.topics.size === 0) {
        send(JSON.stringify({ t: "ping" } satisfies ServerMessage));
      }
    },
    sayBye(code, after, spread) {
      send(JSON.stringify({ t: "bye", code, after, spread } satisfies ServerMessage));
      close(code, "the hub restarts; come back");
    },
    terminate: () => socket.terminate(),
  };
}

/**
 * Whether it is several frames that leave together. What is held back for that counts as waiting, so it must be far from
 * what a slow socket is known by.
 */
function isOneWrite(effects: readonly ConnectionEffect[]): boolean {
  let frames = 0;
  let bytes = 0;
  for (const effect of effects) {
    if (effect.type === "send") frames += 1;
    if (effect.type !== "sendBytes") continue;
    frames += 1;
    bytes += effect.bytes.length;
  }
  return frames > 1 && bytes <= DRAINED_BYTES;
}
