import type { FrameScan } from "./frame-scan.ts";
import { type Incoming, readIncoming } from "./incoming.ts";
import { type Compression, createInflater, type Inflater } from "./inflate.ts";
import type { SocketMessage } from "./socket.ts";

export interface FrameReaderOptions {
  readonly compression: Compression;
  /** Without one, every frame is parsed. */
  readonly scan: FrameScan | undefined;
  readonly onFrame: (incoming: Incoming) => void;
}

/**
 * Turns the messages of one connection into frames, in order, whatever mixture of compressed and plain ones comes.
 * A text message is read as it is: a server may leave the compression out that was asked for.
 */
export class FrameReader {
  readonly #options: FrameReaderOptions;
  #inflater: Inflater | undefined;
  /** The end of the chain of messages being inflated; `undefined` when none is. */
  #tail: Promise<void> | undefined;

  constructor(options: FrameReaderOptions) {
    this.#options = options;
  }

  read(message: SocketMessage): void {
    if (this.#tail === undefined && !message.binary) {
      this.#read(message.bytes);
      return;
    }
    const before = this.#tail ?? Promise.resolve();
    const mine = before.then(async () => {
      const bytes = message.binary ? await this.#inflate(message.bytes) : message.bytes;
      if (bytes !== undefined) this.#read(bytes);
      if (this.#tail === mine) this.#tail = undefined;
    });
    this.#tail = mine;
  }

  #read(bytes: Buffer): void {
    this.#options.onFrame(readIncoming(bytes, this.#options.scan));
  }

  async #inflate(bytes: Buffer): Promise<Buffer | undefined> {
    const { compression } = this.#options;
    if (compression === "none") return this.#refuse("binary frame without compression");
    this.#inflater ??= createInflater(compression);
    try {
      return await this.#inflater.inflate(bytes);
    } catch (error) {
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
