/**
 * Transport compression: one context for the whole life of a connection, fed message by message.
 *
 *   zlib-stream   a message ends with 00 00 ff ff and may arrive in several frames
 *   zstd-stream   one frame is one message; the zstd frame itself never ends
 *
 * Source: https://discord.com/developers/docs/events/gateway#transport-compression
 */
import { createInflate, createZstdDecompress } from "node:zlib";

export type Compression = "zstd-stream" | "zlib-stream" | "none";

/** From the best to the plainest: each is what to fall back on when the one before cannot be had. */
const LADDER: readonly Compression[] = ["zstd-stream", "zlib-stream", "none"];

export function fallbackOf(compression: Compression): Compression {
  return LADDER[LADDER.indexOf(compression) + 1] ?? "none";
}

/** What was wanted, or the next best thing this Node has: zstd came with 22.15 and 23.8. */
export function availableCompression(wanted: Compression): Compression {
  return wanted === "zstd-stream" && typeof createZstdDecompress !== "function" ? fallbackOf(wanted) : wanted;
}

export interface Inflater {
  /**
   * The message that `bytes` complete, or `undefined` when more frames are needed. Calls must not overlap.
   * Rejects on corrupt input and above the bound; the inflater is useless then.
   */
  inflate(bytes: Buffer): Promise<Buffer | undefined>;
  close(): void;
}

/** A message that inflates to more than this is taken for an attack or corruption. */
const INFLATED_BYTES_MAX = 128 * 1024 * 1024;
/** Of the parts of one compressed message together. */
const MESSAGE_BYTES_MAX = 64 * 1024 * 1024;
const ZLIB_MESSAGE_END = Buffer.from([0x00, 0x00, 0xff, 0xff]);

export function createInflater(compression: Exclude<Compression, "none">): Inflater {
  const stream = compression === "zstd-stream" ? createZstdDecompress() : createInflate();
  let unfinished: Buffer[] = [];
  let unfinishedBytes = 0;
  let output: Buffer[] = [];
  let outputBytes = 0;
  let fail: ((error: Error) => void) | undefined;

  stream.on("data", (chunk: Buffer) => {
    outputBytes += chunk.length;
    if (outputBytes <= INFLATED_BYTES_MAX) {
      output.push(chunk);
      return;
    }
    // The write's own callback may come first and knows of no error: whoever waits is told here.
    output = [];
    const error = new Error(`a message inflates to more than ${INFLATED_BYTES_MAX} bytes`);
    fail?.(error);
    stream.destroy(error);
  });
  stream.on("error", (error) => fail?.(error));

  return {
    inflate(bytes) {
      if (compression === "zlib-stream") {
        unfinished.push(bytes);
        unfinishedBytes += bytes.length;
        if (unfinishedBytes > MESSAGE_BYTES_MAX) {
          unfinished = [];
          return Promise.reject(new Error(`a message has more than ${MESSAGE_BYTES_MAX} bytes and no end`));
        }
        if (!bytes.subarray(-4).equals(ZLIB_MESSAGE_END)) return Promise.resolve(undefined);
      }
      const whole = compression === "zlib-stream" ? Buffer.concat(unfinished) : bytes;
      unfinished = [];
      unfinishedBytes = 0;
      return new Promise((resolve, reject) => {
        fail = reject;
        stream.write(whole, (error) => {
          if (error) return reject(error);
          const [only] = output;
          const message =
            only !== undefined && output.length === 1 ? only : Buffer.concat(output, outputBytes);
          output = [];
          outputBytes = 0;
          resolve(message);
        });
      });
    },
    close() {
      fail = undefined;
      stream.destroy();
    },
  };
}
