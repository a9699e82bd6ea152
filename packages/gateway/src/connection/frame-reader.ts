import type { FrameScan } from "./frame-scan.ts";
import { type Incoming, readIncoming } from "./incoming.ts";
import { type Compression, createInflater, type Inflater } from "./inflate.ts";
import type { SocketMessage } from "./socket.ts";

export interface FrameReaderOptions {
  readonly compression: Compression;
  /** Without one, every frame is parsed. */
  readonly scan: FrameScan | undefined;
  readonly onFrame: (incoming: Incoming) => void;
  /** The very first message could not be inflated: this server does not speak the compression that was asked for. */
  readonly onNotSpoken: () => void;
  /** More waits to be inflated than the bound (`true`): reading should stop until `false` is said. */
  readonly onBacklog: (full: boolean) => void;
}

/** Compressed bytes that may wait. A server that sends faster than we inflate is slowed down by TCP. */
const BACKLOG_BYTES_MAX = 8 * 1024 * 1024;

/**
 * Turns the messages of one connection into frames, in order, whatever mixture of compressed and plain ones comes.
 * A text message is read as it is: a server may leave the compression out that was asked for.
 */
export class FrameReader {
  readonly #options: FrameReaderOptions;
  #inflater: Inflater | undefined;
  /** The end of the chain of messages being inflated; `undefined` when none is. */
  #tail: Promise<void> | undefined;
  #backlogBytes = 0;
  #backlogFull = false;
  #readAny = false;

  constructor(options: FrameReaderOptions) {
    this.#options = options;
  }

  read(message: SocketMessage): void {
    if (this.#tail === undefined && !message.binary) {
      this.#read(message.bytes);
      return;
    }
    const before = this.#tail ?? Promise.resolve();
    this.#moveBacklog(message.bytes.length);
    const mine = before.then(async () => {
      this.#moveBacklog(-message.bytes.length);
      const bytes = message.binary ? await this.#inflate(message.bytes) : message.bytes;
      if (bytes !== undefined) this.#read(bytes);
      if (this.#tail === mine) this.#tail = undefined;
    });
    this.#tail = mine;
  }

  #moveBacklog(bytes: number): void {
    this.#backlogBytes += bytes;
    const full = this.#backlogBytes > (this.#backlogFull ? BACKLOG_BYTES_MAX / 2 : BACKLOG_BYTES_MAX);
    if (full === this.#backlogFull) return;
    this.#backlogFull = full;
    this.#options.onBacklog(full);
  }

  #read(bytes: Buffer): void {
    this.#readAny = true;
    this.#options.onFrame(readIncoming(bytes, this.#options.scan));
  }

  async #inflate(bytes: Buffer): Promise<Buffer | undefined> {
    const { compression } = this.#options;
    if (compression === "none") return this.#refuse("binary frame without compression");
    this.#inflater ??= createInflater(compression);
    try {
      return await this.#inflater.inflate(bytes);
    } catch (error) {
      if (!this.#readAny) this.#options.onNotSpoken();
      return this.#refuse(`cannot inflate: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #refuse(problem: string): undefined {
    this.#options.onFrame({ frame: { kind: "malformed", problem }, dispatch: null });
    return undefined;
  }

  close(): void {
    this.#inflater?.close();
  }
}
