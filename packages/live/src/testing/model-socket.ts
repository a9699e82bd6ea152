/** One connection of a `ModelHub`: performs the effects of the real machine on a list of frames. */
import {
  type Connection,
  type ConnectionEffect,
  type ConnectionInput,
  openConnection,
  type TopicAnswer,
} from "../connection.ts";
import { step } from "../connection-step.ts";
import type { Delta } from "../delta.ts";
import type { ServerMessage } from "../message.ts";
import type { Position } from "../position.ts";
import { snapshotPages } from "../snapshot-pages.ts";
import type { DeltaFrame } from "../subscription.ts";
import type { TopicLog } from "../topic-log.ts";
import type { ModelHub } from "./model-hub.ts";

/** The hub's end of one connection. */
export class ModelSocket {
  /** On their way to the browser, oldest first. */
  readonly frames: string[] = [];
  /** Set when the hub has closed; the browser learns of it after the frames. */
  closedWith: number | undefined;
  authTimeoutMs: number | undefined;
  readonly #hub: ModelHub;
  #connection: Connection;
  #reads: (() => void)[] = [];

  constructor(hub: ModelHub) {
    this.#hub = hub;
    const opened = openConnection(hub.rules, hub.nowMs);
    this.#connection = opened.connection;
    for (const effect of opened.effects) this.#perform(effect);
  }

  get isOpen(): boolean {
    return this.#connection.phase !== "closed";
  }

  receive(text: string): void {
    this.take({ type: "frameReceived", text, atMs: this.#hub.nowMs });
  }

  take(input: ConnectionInput): void {
    const result = step(this.#connection, input);
    this.#connection = result.connection;
    for (const effect of result.effects) this.#perform(effect);
  }

  /** The next frame reaches the browser; a slow socket that has drained gets what it missed. */
  shift(): string | undefined {
    const frame = this.frames.shift();
    const isDrained = this.frames.length <= this.#hub.backlogFramesMax / 4;
    if (frame !== undefined && isDrained) this.take({ type: "drained" });
    return frame;
  }

  takeFrame(topic: string, frame: DeltaFrame): void {
    if (!this.#isFull()) {
      this.frames.push(new TextDecoder().decode(frame.bytes));
      return;
    }
    this.#hub.feed(topic).members.set(this, "paused");
    this.take({ type: "fellBehind", topic, position: { epoch: frame.epoch, offset: frame.from } });
  }

  takeNotice(message: ServerMessage): void {
    if (!this.#isFull()) this.frames.push(JSON.stringify(message));
  }

  pingIfIdle(): void {
    if (this.#connection.phase === "open" && this.#connection.topics.size === 0)
      this.takeNotice({ t: "ping" });
  }

  answerReads(): void {
    const reads = this.#reads;
    this.#reads = [];
    for (const answer of reads) answer();
  }

  /** The connection is gone without a word; what was on its way is lost. */
  cut(): void {
    for (const topic of this.#connection.topics.keys()) this.#hub.leave(topic, this);
    this.#connection = { ...this.#connection, phase: "closed", topics: new Map() };
    this.frames.length = 0;
    this.#hub.sockets.delete(this);
  }

  #isFull(): boolean {
    return this.frames.length >= this.#hub.backlogFramesMax;
  }

  #perform(effect: ConnectionEffect): void {
    switch (effect.type) {
      case "send":
        this.frames.push(JSON.stringify(effect.message));
        return;
      case "sendBytes":
        this.frames.push(new TextDecoder().decode(effect.bytes));
        return;
      case "startAuthTimer":
        this.authTimeoutMs = this.#hub.nowMs + effect.afterMs;
        return;
      case "cancelAuthTimer":
        this.authTimeoutMs = undefined;
        return;
      case "readTopic":
        this.#read(effect.topic, effect.readId, effect.position);
        return;
      case "goLive":
        this.#hub.feed(effect.topic).members.set(this, "live");
        return;
      case "leaveTopic":
        this.#hub.leave(effect.topic, this);
        return;
      case "close":
        this.closedWith = effect.code;
        this.#hub.sockets.delete(this);
        return;
      case "verifyTicket":
      case "startExpiryTimer":
      case "resyncAsked":
        return;
      default:
        effect satisfies never;
    }
  }

  /** The member hears of changes before the topic is read (S1); the answer holds what was true when it was asked for. */
  #read(topic: string, readId: number, position: Position | undefined): void {
    this.#hub.feed(topic).members.set(this, "reading");
    const answer = answerOf(topic, this.#hub.log(topic), position, this.#hub.nowMs);
    this.#reads.push(() => this.take({ type: "topicRead", topic, readId, answer }));
  }
}

function answerOf(topic: string, log: TopicLog, position: Position | undefined, nowMs: number): TopicAnswer {
  const since = position === undefined ? undefined : log.since(position, nowMs);
  if (since?.type === "ahead") return since;
  if (since?.type === "delta") {
    const frame = since.delta && frameOf(topic, since.delta);
    return { type: "resumed", position: since.position, frame };
  }
  const snapshot = log.snapshot();
  const pages = snapshotPages(topic, snapshot).map(encoded);
  return { type: "snapshot", position: snapshot.position, pages };
}

export function frameOf(topic: string, { epoch, from, to, atMs, ops }: Delta): DeltaFrame {
  return { epoch, from, to, bytes: encoded({ t: "d", topic, f: from, o: to, at: atMs, ops }) };
}

function encoded(message: ServerMessage): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(message));
}
