/**
 * All the listeners, as one process: raw sockets that do the handshake by hand and then count frames by their lengths,
 * so that listening costs less than sending. They come from many addresses of loopback, as there are 28,000 ports to
 * one, and servers limit what one address may have.
 */
import { connect, type Socket } from "node:net";
import { DIALECTS, type Dialect, type DialectName, type Remembered } from "./dialect.ts";
import { clientFrame, FrameReader } from "./frame-reader.ts";
import type { SinkOrder, SinkReport } from "./sink-message.ts";

const ADDRESSES = 100;
/** Handshakes under way at once. */
const LANES = 64;
/** A server that refuses is asked again, as a browser would, only sooner. */
const AGAIN_AFTER_MS = 50;
/** Shorter frames are ticks and the like. */
const DELIVERY_BYTES_MIN = 200;
const SAMPLED_EVERY = 20;
const OPCODE = { text: 1, ping: 9, pong: 10 } as const;
const HANDSHAKE =
  "Host: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: bWVhc3VyZWQgbWVhc3VyZQ==\r\n";

interface Listener {
  readonly index: number;
  readonly reader: FrameReader;
  socket: Socket | undefined;
  state: "away" | "upgrading" | "greeting" | "live";
  texts: string;
  session: string | undefined;
}

/** One read at a time, so one buffer does for all. */
const shared = Buffer.alloc(65_536);
const listeners: Listener[] = [];
let dialect: Dialect = DIALECTS.plain;
let port = 0;
let deliveries = 0;
let refused = 0;
let lateMs: number[] = [];
let lastPosition: string | undefined;

const say = (report: SinkReport): void => void process.send?.(report);
const nowMs = (): number => performance.timeOrigin + performance.now();

function begin(listener: Listener, from: Remembered | undefined, whenLive: () => void): void {
  listener.state = "upgrading";
  listener.texts = "";
  const socket = connect({
    port,
    host: "127.0.0.1",
    localAddress: `127.0.1.${1 + (listener.index % ADDRESSES)}`,
    noDelay: true,
    onread: {
      buffer: shared,
      callback(bytes) {
        take(listener, shared.subarray(0, bytes), from, whenLive);
        return true;
      },
    },
  });
  listener.socket = socket;
  socket.on("connect", () =>
    socket.write(`GET ${dialect.path} HTTP/1.1\r\n${HANDSHAKE}${dialect.headers}\r\n`),
  );
  socket.on("error", () => undefined);
  socket.on("close", () => {
    if (listener.socket !== socket) return;
    if (listener.state === "live") process.stderr.write(`socket ${listener.index} was closed\n`);
    refused += 1;
    setTimeout(() => begin(listener, from, whenLive), AGAIN_AFTER_MS * (1 + Math.random()));
  });
}

function take(listener: Listener, chunk: Buffer, from: Remembered | undefined, whenLive: () => void): void {
  if (listener.state === "live") {
    listener.reader.read(chunk, (frame, at) => {
      if (frame.opcode === OPCODE.ping) listener.socket?.write(clientFrame(OPCODE.pong, ""));
      if (frame.opcode !== OPCODE.text) return;
      if (frame.payloadBytes >= DELIVERY_BYTES_MIN) {
        deliveries += 1;
        if (listener.index % SAMPLED_EVERY === 0)
          sample(chunk.toString("latin1", at, at + frame.payloadBytes));
      } else if (frame.payloadBytes === 1) listener.socket?.write(clientFrame(OPCODE.text, "3"));
    });
    return;
  }
  let rest = chunk;
  if (listener.state === "upgrading") {
    const text = chunk.toString("latin1");
    if (!text.startsWith("HTTP/1.1 101")) {
      listener.socket?.destroy();
      return;
    }
    rest = chunk.subarray(text.indexOf("\r\n\r\n") + 4);
    listener.state = "greeting";
    const hello = dialect.hello(from);
    if (hello !== undefined) listener.socket?.write(clientFrame(OPCODE.text, hello));
  }
  listener.reader.read(rest, () => undefined);
  const text = rest.toString("latin1");
  listener.texts += text;
  const answer = dialect.answer(text.slice(2), from);
  if (answer !== undefined) listener.socket?.write(clientFrame(OPCODE.text, answer));
  if (!dialect.isLive(listener.texts, from)) return;
  listener.state = "live";
  listener.session = dialect.session(listener.texts) ?? listener.session;
  listener.texts = "";
  whenLive();
}

function sample(text: string): void {
  const at = /"at":(\d{13})/.exec(text)?.[1];
  if (at !== undefined) lateMs.push(nowMs() - Number(at));
  lastPosition = dialect.position(text) ?? lastPosition;
}

/** All of them, in lanes. */
function bringUp(all: readonly Listener[], from: (listener: Listener) => Remembered | undefined): void {
  const startedMs = performance.now();
  let next = 0;
  let live = 0;
  refused = 0;
  const step = (): void => {
    const listener = all[next];
    next += 1;
    if (listener === undefined) return;
    begin(listener, from(listener), () => {
      live += 1;
      if (live === all.length) say({ type: "opened", tookMs: performance.now() - startedMs, refused });
      else step();
    });
  };
  for (let lane = 0; lane < LANES; lane += 1) step();
}

function open(order: {
  readonly port: number;
  readonly dialect: DialectName;
  readonly sockets: number;
}): void {
  port = order.port;
  dialect = DIALECTS[order.dialect];
  const fresh = Array.from({ length: order.sockets }, (_, index): Listener => {
    const socket = undefined;
    return {
      index: listeners.length + index,
      reader: new FrameReader(),
      socket,
      state: "away",
      texts: "",
      session: undefined,
    };
  });
  listeners.push(...fresh);
  bringUp(fresh, () => undefined);
}

function cut(): void {
  let left = listeners.length;
  for (const [index, { socket, session }] of listeners.entries()) {
    listeners[index] = {
      index,
      reader: new FrameReader(),
      socket: undefined,
      state: "away",
      texts: "",
      session,
    };
    socket?.removeAllListeners("close");
    socket?.once("close", () => {
      left -= 1;
      if (left === 0) say({ type: "cut" });
    });
    socket?.destroy();
  }
}

process.on("message", (order: SinkOrder) => {
  switch (order.type) {
    case "open":
      open(order);
      return;
    case "reset":
      deliveries = 0;
      lateMs = [];
      say({ type: "reset" });
      return;
    case "count":
      say({ type: "counted", deliveries, lateMs });
      return;
    case "cut":
      cut();
      return;
    case "resume":
      bringUp([...listeners], ({ session }) =>
        session === undefined || lastPosition === undefined ? undefined : { session, position: lastPosition },
      );
      return;
    default:
      order satisfies never;
  }
});
