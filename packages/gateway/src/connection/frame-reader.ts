import { type Incoming, readIncoming } from "./incoming.ts";
import { type Compression, createInflater, type Inflater } from "./inflate.ts";

/**
 * Turns the messages of one connection into frames, in order, whatever mixture of compressed and plain ones comes.
 * A text message is read as it is: a server may leave the compression out that was asked for.
 */
export class FrameReader {
  readonly #compression: Compression;
  readonly #onFrame: (incoming: Incoming) => void;
  #inflater: Inflater | undefined;
  /** The end of the chain of messages being inflated; `undefined` when none is. */
  #tail: Promise<void> | undefined;

  constructor(compression: Compression, onFrame: (incoming: Incoming) => void) {
    this.#compression = compression;
    this.#onFrame = onFrame;
  }

  read(message: { readonly text: string } | { readonly bytes: Buffer }): void {
    if (this.#tail === undefined && "text" in message) {
      this.#onFrame(readIncoming(message.text));
      return;
    }
    const before = this.#tail ?? Promise.resolve();
    const mine = before.then(async () => {
      const text = "text" in message ? message.text : await this.#inflate(message.bytes);
      if (text !== undefined) this.#onFrame(readIncoming(text));
      if (this.#tail === mine) this.#tail = undefined;
    });
    this.#tail = mine;
  }

  async #inflate(bytes: Buffer): Promise<string | undefined> {
    if (this.#compression === "none") {
      this.#onFrame({
        frame: { kind: "malformed", problem: "binary frame without compression" },
        dispatch: null,
      });
      return undefined;
    }
    this.#inflater ??= createInflater(this.#compression);
    try {
      return await this.#inflater.inflate(bytes);
    } catch (error) {
      const problem = `cannot inflate: ${error instanceof Error ? error.message : String(error)}`;
      this.#onFrame({ frame: { kind: "malformed", problem }, dispatch: null });
      return undefined;
    }
  }

  close(): void {
    this.#inflater?.close();
  }
}
