import type { Compressed } from "./compression.ts";

/** A message, or the messages of one write, that inflate to more than this are taken for an attack or corruption. */
export const INFLATED_BYTES_MAX = 128 * 1024 * 1024;
/** Of the parts of one compressed message together. */
const MESSAGE_BYTES_MAX = 64 * 1024 * 1024;
/** The end of a Z_SYNC_FLUSH: an empty block, 00 00 ff ff as one number. */
const ZLIB_MESSAGE_END = 0x00_00_ff_ff;

/** Puts the frames of a compressed message together: zlib-stream may spread one over several. */
export class MessageParts {
  readonly #compression: Compressed;
  #parts: Buffer[] = [];
  #bytes = 0;

  constructor(compression: Compressed) {
    this.#compression = compression;
  }

  /** The message that this frame completes; `undefined` when it goes on. Throws above the bound. */
  add(frame: Buffer): Buffer | undefined {
    if (this.#compression === "zstd-stream") return frame;
    const ends = frame.length >= 4 && frame.readUInt32BE(frame.length - 4) === ZLIB_MESSAGE_END;
    if (ends && this.#bytes === 0) return frame;
    this.#parts.push(frame);
    this.#bytes += frame.length;
    if (this.#bytes > MESSAGE_BYTES_MAX) {
      this.#clear();
      throw new Error(`a message has more than ${MESSAGE_BYTES_MAX} bytes and no end`);
    }
    if (!ends) return undefined;
    const message = Buffer.concat(this.#parts, this.#bytes);
    this.#clear();
    return message;
  }

  #clear(): void {
    this.#parts = [];
    this.#bytes = 0;
  }
}
