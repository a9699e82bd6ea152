import type { GatewayFrame } from "@guildwire/discord-wire";
import type { WebSocket } from "ws";
import type { Clock } from "../clock.ts";
import type { Encoder } from "./encoder.ts";

/**
 * The sending half of one connection: encodes and sends in order, one message at a time, late by `latencyMs`. A close
 * waits for its turn behind what was sent before it; a destruction does not.
 *
 * Bounds: a client that does not read is cut off when more than `UNSENT_BYTES_MAX` pile up in its socket, and any
 * client when more than `WAITING_JOBS_MAX` messages wait here for their turn.
 */
export class Outbound {
  readonly #socket: WebSocket;
  readonly #encoder: Encoder;
  readonly #clock: Clock;
  readonly #finish: (text: string) => string;
  readonly #jobs: Job[] = [];
  readonly #wire: { freeze(): void };
  #cuts = 0;
  #frozen = false;
  #busy = false;
  #cancelWait: (() => void) | undefined;

  /** `finish` gets each message as text before it is encoded. */
  constructor(
    socket: WebSocket,
    wire: { freeze(): void },
    encoder: Encoder,
    clock: Clock,
    finish: (text: string) => string,
  ) {
    this.#finish = finish;
    this.#socket = socket;
    this.#wire = wire;
    this.#encoder = encoder;
    this.#clock = clock;
  }

  send(frame: GatewayFrame, manner: { readonly latencyMs: number; readonly split: boolean }): void {
    this.#add(
      { kind: "message", text: this.#finish(JSON.stringify(frame)), split: manner.split },
      manner.latencyMs,
    );
  }

  sendGarbage(latencyMs: number): void {
    this.#add({ kind: "garbage" }, latencyMs);
  }

  compressPayloads(): void {
    this.#encoder.compressPayloads();
  }

  close(code: number, reason: string, latencyMs: number): void {
    this.#add({ kind: "close", code, reason }, latencyMs);
  }

  /** Nothing is sent or read any more; the TCP connection stays as it is until `destroy`. */
  freeze(): void {
    this.#frozen = true;
    this.#jobs.length = 0;
    this.#wire.freeze();
  }

  destroy(): void {
    this.#jobs.length = 0;
    this.#cancelWait?.();
    this.#cancelWait = undefined;
    this.#encoder.destroy();
    this.#socket.terminate();
  }

  #add(job: JobKind, latencyMs: number): void {
    if (this.#frozen) return;
    this.#jobs.push({ ...job, dueAtMs: latencyMs > 0 ? this.#clock.nowMs() + latencyMs : 0 });
    if (this.#jobs.length > WAITING_JOBS_MAX) this.destroy();
    else this.#work();
  }

  #work(): void {
    while (!this.#busy && this.#cancelWait === undefined) {
      const job = this.#jobs[0];
      if (job === undefined) return;
      const waitMs = job.dueAtMs === 0 ? 0 : job.dueAtMs - this.#clock.nowMs();
      if (waitMs > 0) {
        this.#cancelWait = this.#clock.after(waitMs, () => {
          this.#cancelWait = undefined;
          this.#work();
        });
        return;
      }
      this.#jobs.shift();
      this.#perform(job);
    }
  }

  #perform(job: Job): void {
    switch (job.kind) {
      case "message":
        this.#busy = true;
        this.#encoder.encode(job.text, (message) => {
          this.#busy = false;
          this.#transmit(message, job.split);
          this.#work();
        });
        return;
      case "garbage":
        this.#socket.send(this.#encoder.isByteStream ? GARBAGE_BYTES : "{garbage", ignoreFailure);
        return;
      case "close":
        closeSocket(this.#socket, this.#clock, job.code, job.reason);
        return;
    }
  }

  #transmit(message: string | Buffer, split: boolean): void {
    if (this.#socket.bufferedAmount > UNSENT_BYTES_MAX) {
      this.destroy();
      return;
    }
    if (!split || message.length < 2) {
      this.#socket.send(message, ignoreFailure);
      return;
    }
    const bytes = Buffer.from(message);
    const place = 1 + (this.#cuts % (bytes.length - 1));
    this.#cuts += 1;
    const binary = typeof message !== "string";
    const fin = this.#encoder.isByteStream;
    this.#socket.send(bytes.subarray(0, place), { binary, fin }, ignoreFailure);
    this.#socket.send(bytes.subarray(place), { binary, fin: true }, ignoreFailure);
  }
}

type JobKind =
  | { readonly kind: "message"; readonly text: string; readonly split: boolean }
  | { readonly kind: "garbage" }
  | { readonly kind: "close"; readonly code: number; readonly reason: string };

type Job = JobKind & {
  /** Unix milliseconds, 0 = at once. */
  readonly dueAtMs: number;
};

const UNSENT_BYTES_MAX = 64 * 1024 * 1024;
const WAITING_JOBS_MAX = 100_000;

/** No zlib or zstd stream goes on like this. */
const GARBAGE_BYTES = Buffer.from("ffffffffffff0000ffff", "hex");

/** A client that does not answer a Close is destroyed after this. */
const CLOSE_ANSWER_MS = 2000;

function closeSocket(socket: WebSocket, clock: Clock, code: number, reason: string): void {
  if (code === NO_CLOSE_FRAME) {
    socket.terminate();
    return;
  }
  const cancel = clock.after(CLOSE_ANSWER_MS, () => socket.terminate());
  socket.once("close", cancel);
  socket.close(code, reason);
}

const NO_CLOSE_FRAME = 1006;

/** Sending fails only when the client has gone, and that is told by the socket's own `close`. */
function ignoreFailure(): void {}
