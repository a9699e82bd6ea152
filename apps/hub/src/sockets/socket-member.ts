/**
 * A browser's place among the members of a topic. A broadcast passes over ten thousand of these, so what it needs of each
 * lies in one object, and a socket that reads what it is sent costs one write and nothing that is looked up.
 */
import type { Duplex } from "node:stream";
import type { DeltaFrame, Position } from "@guildwire/live";
import type { WebSocket } from "ws";
import type { TextFrames } from "./text-frame.ts";
import type { FeedMember } from "./topic-feed.ts";

/** The connection's own business, which is seldom. */
export interface MemberOwner extends Pick<FeedMember, "topicChanged" | "readAgain" | "topicBroken"> {
  /** Whether so many bytes more are too much for what waits already. */
  isFull(bytes: number): boolean;
  send(bytes: Uint8Array): void;
  /** Whether its `auth` asked for `fresh` messages. */
  takesFresh(): boolean;
  fallBehind(position: Position): void;
}

export class SocketMember implements FeedMember {
  readonly #socket: WebSocket;
  readonly #stream: Duplex;
  readonly #textFrames: TextFrames;
  readonly #owner: MemberOwner;

  constructor(socket: WebSocket, stream: Duplex, textFrames: TextFrames, owner: MemberOwner) {
    this.#socket = socket;
    this.#stream = stream;
    this.#textFrames = textFrames;
    this.#owner = owner;
  }

  takeFrame(frame: DeltaFrame): void {
    if (this.#hasWritten(frame.bytes)) return;
    if (this.#owner.isFull(frame.bytes.length)) {
      this.#owner.fallBehind({ epoch: frame.epoch, offset: frame.from });
    } else this.#owner.send(frame.bytes);
  }

  takeNotice(bytes: Uint8Array, kind: "tick" | "fresh"): void {
    if (kind === "fresh" && !this.#owner.takesFresh()) return;
    if (this.#hasWritten(bytes) || this.#owner.isFull(bytes.length)) return;
    this.#owner.send(bytes);
  }

  topicChanged(frame: DeltaFrame): void {
    this.#owner.topicChanged(frame);
  }

  readAgain(before: Position): void {
    this.#owner.readAgain(before);
  }

  topicBroken(): void {
    this.#owner.topicBroken();
  }

  /** The usual case: nothing waits, so a shared frame, which is small, can neither fill nor flood the socket. */
  #hasWritten(bytes: Uint8Array): boolean {
    if (this.#stream.writableLength > 0 || this.#socket.readyState !== this.#socket.OPEN) return false;
    const frame = this.#textFrames(bytes);
    if (frame === undefined) return false;
    this.#stream.write(frame);
    return true;
  }
}
