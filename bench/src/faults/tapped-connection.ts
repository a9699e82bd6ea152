/**
 * One WebSocket connection of a client through the tap: both directions are cut into frames, noted in the timeline
 * and passed on, unless a knob says otherwise.
 */
import type { Socket } from "node:net";
import {
  CLOSE_OPCODE,
  clientFrame,
  closeFrame,
  FrameSplitter,
  serverFrame,
  TEXT_OPCODE,
  type WebSocketFrame,
} from "./frame-splitter.ts";
import type { Knobs } from "./tap.ts";
import type { Door, Timeline } from "./timeline.ts";

/** Hello comes a little after the 101, as over a network: two clients lose one that comes with it. */
const HELLO_DELAY_MS = 30;

export interface TappedConnectionParts {
  readonly number: number;
  readonly door: Door;
  readonly client: Socket;
  readonly server: Socket;
  readonly knobs: Knobs;
  readonly timeline: Timeline;
}

export class TappedConnection {
  readonly #parts: TappedConnectionParts;
  readonly #fromClient = new FrameSplitter();
  readonly #fromServer = new FrameSplitter();
  /** Bytes of the server's answer to the upgrade; `undefined` once it is complete. */
  #head: Buffer | undefined = Buffer.alloc(0);
  /** The 101, kept back until Hello. */
  #held: Buffer | undefined;
  /** Frames of the server until Hello may pass. */
  #early: WebSocketFrame[] | undefined;
  #silent = false;

  constructor(parts: TappedConnectionParts) {
    this.#parts = parts;
    const { client, server, timeline, number } = parts;
    client.setNoDelay(true);
    server.on("data", (bytes: Buffer) => this.#takeFromServer(bytes));
    server.on("end", () => {
      this.#passOnEarly();
      if (!this.#silent) client.end();
    });
    server.on("error", () => undefined);
    client.on("end", () => {
      if (this.#silent) return;
      server.end();
      client.end();
    });
    client.on("close", () => {
      server.destroy();
      timeline.add({ kind: "gone", connection: number });
    });
    client.on("error", () => undefined);
  }

  takeFromClient(bytes: Buffer): void {
    for (const frame of this.#fromClient.take(bytes)) {
      this.#noteSent(frame);
      if (!this.#silent) this.#parts.server.write(withPlainToken(frame));
    }
  }

  /** RST: the client sees ECONNRESET and no Close frame. */
  reset(): void {
    this.#parts.client.resetAndDestroy();
  }

  /** From now on the peer is as good as unplugged: it reads nothing, says nothing and does not answer a FIN. */
  silence(): void {
    this.#silent = true;
    this.#parts.server.destroy();
  }

  destroy(): void {
    this.#parts.client.destroy();
    this.#parts.server.destroy();
  }

  #takeFromServer(bytes: Buffer): void {
    if (this.#silent) return;
    let rest = bytes;
    if (this.#head !== undefined) {
      this.#head = Buffer.concat([this.#head, bytes]);
      const end = this.#head.indexOf("\r\n\r\n");
      if (end === -1) return;
      const head = this.#head.subarray(0, end + 4);
      rest = this.#head.subarray(end + 4);
      this.#head = undefined;
      this.#passOnHead(head);
    }
    for (const frame of this.#fromServer.take(rest)) this.#passOn(frame);
  }

  #passOnHead(head: Buffer): void {
    const { client, server, knobs, timeline, number } = this.#parts;
    if (knobs.helloWithUpgrade) {
      this.#held = Buffer.from(head);
      return;
    }
    client.write(head);
    if (knobs.closeBeforeHello === null) {
      this.#early = [];
      setTimeout(() => this.#passOnEarly(), HELLO_DELAY_MS);
      return;
    }
    timeline.add({ kind: "closeFrame", connection: number, from: "server", code: knobs.closeBeforeHello });
    client.end(closeFrame(knobs.closeBeforeHello));
    server.destroy();
    this.#silent = true;
    client.on("end", () => client.destroy());
    setTimeout(() => client.destroy(), 2_000).unref();
  }

  #passOnEarly(): void {
    const early = this.#early ?? [];
    this.#early = undefined;
    if (!this.#silent) for (const frame of early) this.#passOn(frame);
  }

  #passOn(frame: WebSocketFrame): void {
    if (this.#early !== undefined) {
      this.#early.push(frame);
      return;
    }
    const { client, knobs, timeline, number } = this.#parts;
    if (frame.opcode === CLOSE_OPCODE) {
      timeline.add({ kind: "closeFrame", connection: number, from: "server", code: codeOf(frame) });
      client.write(frame.raw);
      return;
    }
    const { op, t, s, d } = readPayload(frame);
    if (knobs.truncateNextDispatch && op === 0) {
      knobs.truncateNextDispatch = false;
      client.write(serverFrame(frame.opcode, frame.payload.subarray(0, frame.payload.length >> 1)));
      timeline.add({ kind: "truncated", connection: number, s });
      return;
    }
    client.write(this.#held === undefined ? frame.raw : Buffer.concat([this.#held, frame.raw]));
    this.#held = undefined;
    timeline.add({ kind: "got", connection: number, op, t, s, sessionId: textOf(d["session_id"]) });
  }

  #noteSent(frame: WebSocketFrame): void {
    const { timeline, number, door } = this.#parts;
    if (frame.opcode === CLOSE_OPCODE) {
      timeline.add({ kind: "closeFrame", connection: number, from: "client", code: codeOf(frame) });
      return;
    }
    if (frame.opcode !== 1 && frame.opcode !== 2) return;
    const { op, d } = readPayload(frame);
    const seq = typeof d["seq"] === "number" ? d["seq"] : null;
    timeline.add({ kind: "sent", connection: number, door, op, seq, sessionId: textOf(d["session_id"]) });
  }
}

/** Discord takes a token with `Bot ` before it in Identify and Resume, and three clients send it so; the simulator does not. */
function withPlainToken(frame: WebSocketFrame): Buffer {
  if (frame.opcode !== TEXT_OPCODE || !frame.payload.includes('"token":"Bot ')) return frame.raw;
  const text = frame.payload.toString("utf8").replace('"token":"Bot ', '"token":"');
  return clientFrame(TEXT_OPCODE, Buffer.from(text));
}

interface Payload {
  readonly op: number;
  readonly t: string | null;
  readonly s: number | null;
  readonly d: Readonly<Record<string, unknown>>;
}

/** A frame that is not JSON counts as op -1: what cannot be read is still passed on. */
function readPayload(frame: WebSocketFrame): Payload {
  try {
    const { op, t, s, d } = JSON.parse(frame.payload.toString("utf8")) as Partial<Payload>;
    const data = typeof d === "object" && d !== null ? d : {};
    return { op: op ?? -1, t: t ?? null, s: s ?? null, d: data };
  } catch {
    return { op: -1, t: null, s: null, d: {} };
  }
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function codeOf(frame: WebSocketFrame): number {
  return frame.payload.length >= 2 ? frame.payload.readUInt16BE(0) : 1005;
}
