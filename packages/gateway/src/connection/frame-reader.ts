import type { Compression } from "./compression.ts";
import type { FrameScan, PassedOver } from "./frame-scan.ts";
import { type Incoming, readIncoming } from "./incoming.ts";
import { createInflater, type DirectInflater, type Inflater, type StreamInflater } from "./inflate.ts";
import type { SocketMessage } from "./socket.ts";

export interface FrameReaderOptions {
  readonly compression: Compression;
  /** Without one, every frame is parsed. */
  readonly scan: FrameScan | undefined;
  readonly onFrame: (incoming: Incoming) => void;
  /** A dispatch that the scan passed over. */
  readonly onPassedOver: (passed: PassedOver) => void;
  /** The very first message could not be inflated: this server does not speak the compression that was asked for. */
  readonly onNotSpoken: () => void;
  /** More waits to be inflated than the bound (`true`): reading should stop until `false` is said. */
  readonly onBacklog: (full: boolean) => void;
  /** Picks how to inflate; both ways do where a test says so. */
  readonly createInflater?: typeof createInflater | undefined;
}

/** Compressed bytes that may wait. A server that sends faster than we inflate is slowed down by TCP. */
const BACKLOG_BYTES_MAX = 8 * 1024 * 1024;
/** Compressed bytes that are inflated at once, unless a single message has more. */
const BATCH_BYTES_MAX = 128 * 1024;

/**
 * Turns the messages of one connection into frames, in order, whatever mixture of compressed and plain ones comes.
 * A text message is read as it is: a server may leave the compression out that was asked for.
 */
export class FrameReader {
  readonly #options: FrameReaderOptions;
  #inflater: Inflater | undefined;
  /** What waits for a stream to inflate what came before; always empty with a direct inflater. */
  #waiting: SocketMessage[] = [];
  #isDraining = false;
  #isClosed = false;
  #backlogBytes = 0;
  #backlogFull = false;
  #readAny = false;

  constructor(options: FrameReaderOptions) {
    this.#options = options;
  }

  read(message: SocketMessage): void {
    if (this.#isDraining) this.#wait(message);
    else if (message.binary) this.#readCompressed(message);
    else this.#read(message.bytes);
  }

  #readCompressed(message: SocketMessage): void {
    const { compression } = this.#options;
    if (compression === "none") {
      this.#refuse("binary frame without compression");
      return;
    }
    this.#inflater ??= (this.#options.createInflater ?? createInflater)(compression);
    if (this.#inflater.how === "direct") {
      this.#inflateNow(this.#inflater, message.bytes);
    } else {
      this.#wait(message);
      void this.#drain(this.#inflater);
    }
  }

  #inflateNow(inflater: DirectInflater, frame: Buffer): void {
    let bytes: Buffer | undefined;
    try {
      bytes = inflater.inflate(frame);
    } catch (error) {
      this.#cannotInflate(error);
    }
    if (bytes !== undefined) this.#read(bytes);
  }

  #wait(message: SocketMessage): void {
    this.#waiting.push(message);
    this.#moveBacklog(message.bytes.length);
  }

  async #drain(inflater: StreamInflater): Promise<void> {
    this.#isDraining = true;
    // What else comes in this turn of the event loop is inflated with it.
    await Promise.resolve();
    while (this.#waiting.length > 0 && !this.#isClosed) {
      const batch = this.#nextBatch();
      const [first] = batch;
      const frames = batch.map(({ bytes }) => bytes);
      if (first?.binary === false) this.#readAll(frames);
      else
        await inflater.inflateAll(frames).then(
          (all) => this.#readAll(all),
          (error) => this.#cannotInflate(error),
        );
    }
    this.#isDraining = false;
  }

  /** Messages of one kind from the front of the line. */
  #nextBatch(): readonly SocketMessage[] {
    const [first] = this.#waiting;
    let bytes = 0;
    const end = this.#waiting.findIndex((message, index) => {
      bytes += message.bytes.length;
      return index > 0 && (message.binary !== first?.binary || bytes > BATCH_BYTES_MAX);
    });
    const batch = this.#waiting.splice(0, end === -1 ? this.#waiting.length : end);
    this.#moveBacklog(-batch.reduce((sum, message) => sum + message.bytes.length, 0));
    return batch;
  }

  #moveBacklog(bytes: number): void {
    this.#backlogBytes += bytes;
    const full = this.#backlogBytes > (this.#backlogFull ? BACKLOG_BYTES_MAX / 2 : BACKLOG_BYTES_MAX);
    if (full === this.#backlogFull) return;
    this.#backlogFull = full;
    this.#options.onBacklog(full);
  }

  #readAll(all: readonly Buffer[]): void {
    for (const bytes of all) {
      if (this.#isClosed) return;
      this.#read(bytes);
    }
  }

  #read(bytes: Buffer): void {
    this.#readAny = true;
    const passed = this.#options.scan?.(bytes);
    if (passed === undefined) this.#options.onFrame(readIncoming(bytes));
    else this.#options.onPassedOver(passed);
  }

  #cannotInflate(error: unknown): void {
    if (this.#isClosed) return;
    if (!this.#readAny) this.#options.onNotSpoken();
    this.#refuse(`cannot inflate: ${error instanceof Error ? error.message : String(error)}`);
  }

  #refuse(problem: string): void {
    this.#options.onFrame({ frame: { kind: "malformed", problem }, dispatch: null });
  }

  close(): void {
    this.#isClosed = true;
    this.#waiting = [];
    this.#inflater?.close();
  }
}
