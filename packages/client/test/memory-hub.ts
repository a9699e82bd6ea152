import type { ClientMessage, Entry, ServerMessage } from "@guildwire/live";
import { digestOf, HubCloseCode } from "@guildwire/live";
import type { SocketConstructor, SocketLike } from "../src/hub-client.ts";

/** The other end of every socket a client opens: a test says what it answers. */
export class MemoryHub {
  readonly sockets: MemorySocket[] = [];
  /** What every new socket does of its own accord. */
  onSocket: (socket: MemorySocket) => void = (socket) => socket.greet();
  readonly WebSocket: SocketConstructor;

  constructor() {
    const hub = this;
    this.WebSocket = class extends MemorySocket {
      constructor(url: string, protocol: string) {
        super(url, protocol);
        hub.sockets.push(this);
        queueMicrotask(() => hub.onSocket(this));
      }
    };
  }

  get last(): MemorySocket {
    const socket = this.sockets.at(-1);
    if (socket === undefined) throw new Error("no socket was opened");
    return socket;
  }

  get open(): readonly MemorySocket[] {
    return this.sockets.filter((socket) => !socket.isClosed);
  }
}

type Listener = ((event: never) => void) | null;

export class MemorySocket implements SocketLike {
  readonly url: string;
  readonly protocol: string;
  readonly received: ClientMessage[] = [];
  isClosed = false;
  onopen: Listener = null;
  onmessage: Listener = null;
  onclose: Listener = null;
  onerror: Listener = null;
  /** Answers `auth`; by default every topic is resumed where the page stands, else sent empty. */
  answer: (socket: MemorySocket, message: ClientMessage) => void = answerAll;

  constructor(url: string, protocol: string) {
    this.url = url;
    this.protocol = protocol;
  }

  greet(): void {
    if (!this.isClosed) this.onopen?.({} as never);
  }

  send(text: string): void {
    if (this.isClosed) throw new Error("sent on a closed socket");
    const message = JSON.parse(text) as ClientMessage;
    this.received.push(message);
    queueMicrotask(() => !this.isClosed && this.answer(this, message));
  }

  close(): void {
    this.isClosed = true;
  }

  /** From the hub: messages as one frame. */
  say(...messages: readonly ServerMessage[]): void {
    this.say_(JSON.stringify(messages.length === 1 ? messages[0] : messages));
  }

  say_(text: string): void {
    this.onmessage?.({ data: text } as never);
  }

  /** The network or the hub ends the connection. */
  drop(code = 1006): void {
    this.isClosed = true;
    this.onclose?.({ code } as never);
  }
}

export function hi(id: number, now = 1_000_000): ServerMessage {
  return { t: "hi", id, conn: "c1", v: 1, now, tick: 25_000, grace: 10_000 };
}

export function snapshot(
  topic: string,
  offset: number,
  entries: readonly Entry[],
  epoch = "e1",
): ServerMessage {
  const dg = digestOf(entries.map(([key, , rev]) => [key, rev]));
  return { t: "snap", topic, e: epoch, o: offset, page: 1, last: true, dg, s: entries };
}

export function answerAll(socket: MemorySocket, message: ClientMessage): void {
  if (message.t === "auth") socket.say(hi(message.id));
  const subs = message.t === "auth" ? (message.subs ?? []) : message.t === "sub" ? [message] : [];
  const { id } = message as { readonly id: number };
  for (const { topic, e, o } of subs) {
    if (e !== undefined && o !== undefined) socket.say({ t: "subd", id, topic, e, o, how: "resumed" });
    else {
      socket.say({ t: "subd", id, topic, e: "e1", o: 1, how: "snapshot" });
      socket.say(snapshot(topic, 1, [["m", { guild: { id: "1" } }, 1]]));
    }
  }
}

export const CLOSE = HubCloseCode;
