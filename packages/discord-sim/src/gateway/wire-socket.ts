import { Socket } from "node:net";
import { Duplex } from "node:stream";
import type { Clock } from "../clock.ts";

/** The faults of the wire itself, below WebSocket. */
export interface WireFaults {
  readonly tcpChunkBytes: number;
  readonly throttleBytesPerSecond: number;
}

/**
 * A TCP connection that can be slow, choppy or dead: it stands between `ws` and the socket and passes everything on.
 *
 * Backpressure is kept: a write is done when its last byte is with the socket. Frozen, it swallows what is written and
 * reads nothing, so that the client sees a connection that is open and silent.
 */
export class WireSocket extends Duplex {
  readonly #socket: Duplex;
  readonly #clock: Clock;
  readonly #faults: () => WireFaults;
  #frozen = false;
  /** The 101 answer, kept back until Hello goes with it; `undefined` = nothing is kept back. */
  #held: Buffer | undefined;
  #cancelWait: (() => void) | undefined;

  constructor(
    socket: Duplex,
    clock: Clock,
    faults: () => WireFaults,
    options: { readonly holdsFirstWrite: boolean },
  ) {
    super({ allowHalfOpen: true });
    this.#socket = socket;
    this.#clock = clock;
    this.#faults = faults;
    this.#held = options.holdsFirstWrite ? Buffer.alloc(0) : undefined;
    if (socket instanceof Socket) socket.setNoDelay(true).setTimeout(0);
    socket.on("data", (chunk: Buffer) => {
      if (!this.push(chunk)) socket.pause();
    });
    socket.on("end", () => this.push(null));
    socket.on("error", (error) => this.destroy(error));
    socket.on("close", () => this.destroy());
  }

  freeze(): void {
    this.#frozen = true;
    this.#socket.pause();
  }

  override _read(): void {
    if (!this.#frozen) this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#transmit(chunk, done);
  }

  override _writev(chunks: { readonly chunk: Buffer }[], done: () => void): void {
    this.#transmit(Buffer.concat(chunks.map(({ chunk }) => chunk)), done);
  }

  override _final(done: () => void): void {
    if (this.#frozen) done();
    else this.#socket.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#cancelWait?.();
    this.#socket.destroy();
    done(error);
  }

  #transmit(bytes: Buffer, done: () => void): void {
    if (this.#frozen) {
      done();
      return;
    }
    if (this.#held === undefined) {
      this.#pass(bytes, done);
      return;
    }
    if (this.#held.byteLength === 0) {
      this.#held = bytes;
      this.#cancelWait = this.#clock.after(HELD_MS_MAX, () =>
        this.#release(Buffer.alloc(0), () => undefined),
      );
      done();
      return;
    }
    this.#release(bytes, done);
  }

  #release(bytes: Buffer, done: () => void): void {
    const held = this.#held ?? Buffer.alloc(0);
    this.#held = undefined;
    this.#cancelWait?.();
    this.#cancelWait = undefined;
    this.#pass(Buffer.concat([held, bytes]), done);
  }

  #pass(bytes: Buffer, done: () => void): void {
    const { tcpChunkBytes, throttleBytesPerSecond } = this.#faults();
    if (this.#frozen || this.destroyed) {
      done();
      return;
    }
    if (tcpChunkBytes <= 0 && throttleBytesPerSecond <= 0) {
      if (this.#socket.write(bytes)) done();
      else this.#socket.once("drain", done);
      return;
    }
    const share =
      throttleBytesPerSecond > 0 ? Math.ceil(throttleBytesPerSecond / SLICES_PER_SECOND) : Infinity;
    const sizeBytes = Math.min(bytes.byteLength, tcpChunkBytes > 0 ? tcpChunkBytes : Infinity, share);
    this.#socket.write(bytes.subarray(0, sizeBytes));
    const rest = bytes.subarray(sizeBytes);
    const goOn = (): void => (rest.byteLength === 0 ? done() : this.#pass(rest, done));
    if (throttleBytesPerSecond <= 0) {
      // A turn of the event loop between two writes makes two segments of them.
      setImmediate(goOn);
      return;
    }
    this.#cancelWait = this.#clock.after((sizeBytes * 1000) / throttleBytesPerSecond, goOn);
  }
}

/** How long the 101 answer waits for Hello when none comes. */
const HELD_MS_MAX = 200;
const SLICES_PER_SECOND = 50;
