/**
 * The stand-in for Discord and for the hub, in a process of its own: `stand.ts`. It plays a recording as fast as the
 * client takes it, and takes deliveries. It is told what to do and tells what it saw by Node's IPC.
 */
import { closeSync, openSync, readSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { type RawData, WebSocketServer } from "ws";
import type { Recording } from "./recording.ts";
import type { StandOrder, StandReport } from "./stand-message.ts";
import { LAST_NAME } from "./traffic.ts";

const CHUNK_BYTES = 1024 * 1024;
const LAST = Buffer.from(JSON.stringify(LAST_NAME));

function report(message: StandReport): void {
  process.send?.(message);
}

/** One connection, and how far the recording has been played on it. */
class Playing {
  readonly #recording: Recording;
  readonly #socket: Socket;
  readonly #file: number;
  #at = 0;
  #questions = 0;
  /** Parts that were asked for follow one another. */
  #tail: Promise<void> = Promise.resolve();

  constructor(recording: Recording, socket: Socket) {
    this.#recording = recording;
    this.#socket = socket;
    this.#file = openSync(recording.file, "r");
    socket.on("close", () => closeSync(this.#file));
  }

  to(end: number): void {
    this.#tail = this.#tail.then(() => this.#write(end));
  }

  ask(): void {
    const end = this.#recording.questionEnds[this.#questions];
    if (end === undefined) throw new Error("no questions left in the recording");
    this.#questions += 1;
    this.to(end);
  }

  async #write(end: number): Promise<void> {
    while (this.#at < end && !this.#socket.destroyed) {
      const bytes = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, end - this.#at));
      const count = readSync(this.#file, bytes, 0, bytes.length, this.#at);
      this.#at += count;
      if (this.#socket.write(count === bytes.length ? bytes : bytes.subarray(0, count))) continue;
      await new Promise<void>((resolve) => {
        const goOn = (): void => {
          this.#socket.off("drain", goOn).off("close", goOn);
          resolve();
        };
        this.#socket.on("drain", goOn).on("close", goOn);
      });
    }
  }
}

let recording: Recording | undefined;
let playing: Playing | undefined;
let delivered = 0;

const http = createServer((request, response) => {
  if (request.method === "POST") void takeDelivery(request, response);
  else answerGatewayBot(response);
});
const gateway = new WebSocketServer({ noServer: true, perMessageDeflate: false });

http.on("upgrade", (request, socket: Socket, head) => {
  const now = recording;
  const asked = new URL(request.url ?? "/", "http://stand").searchParams.get("compress") ?? "none";
  if (now === undefined || asked !== now.transport) {
    report({ type: "refused", reason: `compress=${asked} was asked for, ${now?.transport} is played` });
    socket.destroy();
    return;
  }
  gateway.handleUpgrade(request, socket, head, (client) => {
    const mine = new Playing(now, socket);
    playing = mine;
    client.on("message", (data: RawData) => {
      const { op, d } = JSON.parse(String(data)) as { op: number; d: unknown };
      if (op === 2) {
        report({ type: "identified", atMs: Date.now() });
        mine.to(now.ends.arrival);
      } else if (op === 1) {
        report({ type: "beat", seq: typeof d === "number" ? d : 0 });
      }
    });
    client.on("close", (code) => {
      // One that was to end has ended; only the present one is missed.
      if (playing === mine) report({ type: "left", code });
    });
    client.on("error", () => undefined);
    mine.to(now.ends.greeting);
  });
});

function answerGatewayBot(response: ServerResponse): void {
  const limit = { total: 1000, remaining: 1000, reset_after: 86_400_000, max_concurrency: 1 };
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify({ url: gatewayUrl(), shards: 1, session_start_limit: limit }));
}

/** A hub that takes all it is given. */
async function takeDelivery(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const { events } = JSON.parse(body.toString("utf8")) as { events: readonly { seq: number }[] };
  delivered += events.length;
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify({ acked: events.at(-1)?.seq ?? 0 }));
  if (body.includes(LAST)) report({ type: "lastDelivered", events: delivered });
}

function gatewayUrl(): string {
  return `ws://127.0.0.1:${(http.address() as AddressInfo).port}/gateway`;
}

process.on("message", (order: StandOrder) => {
  switch (order.type) {
    case "load":
      recording = order.recording;
      playing = undefined;
      delivered = 0;
      for (const client of gateway.clients) client.terminate();
      http.closeIdleConnections();
      report({ type: "loaded" });
      return;
    case "burst":
      delivered = 0;
      if (recording !== undefined) playing?.to(recording.ends.burst);
      return;
    case "ask":
      playing?.ask();
      return;
  }
});
process.on("disconnect", () => process.exit());

http.listen(0, "127.0.0.1", () => report({ type: "listening", port: (http.address() as AddressInfo).port }));
