import {
  constants,
  createDeflate,
  createZstdCompress,
  type Deflate,
  deflateSync,
  type ZstdCompress,
} from "node:zlib";

/**
 * How one connection's messages become bytes. A stream compression has one context for the life of the connection and
 * is flushed after each message, so messages must be given one at a time: wait for `done` before the next.
 */
export interface Encoder {
  encode(text: string, done: (message: string | Buffer) => void): void;
  /** Identify asked for payload compression. It has no effect where the transport is compressed already. */
  compressPayloads(): void;
  /** What `splitFrames` cuts in two: the stream of a zlib client has no message ends, any other needs fragments. */
  readonly isByteStream: boolean;
  destroy(): void;
}

export type Compression = "none" | "zlib-stream" | "zstd-stream";

export function createEncoder(compression: Compression): Encoder {
  switch (compression) {
    case "none":
      return plainEncoder();
    case "zlib-stream":
      return streamEncoder(createDeflate(), constants.Z_SYNC_FLUSH, true);
    case "zstd-stream":
      return streamEncoder(createZstdCompress(), constants.ZSTD_e_flush, false);
  }
}

/** With payload compression Discord compresses some messages and not others; here it goes by length. */
const COMPRESSED_PAYLOAD_CHARACTERS_MIN = 256;

function plainEncoder(): Encoder {
  let compresses = false;
  return {
    isByteStream: false,
    encode(text, done) {
      done(compresses && text.length >= COMPRESSED_PAYLOAD_CHARACTERS_MIN ? deflateSync(text) : text);
    },
    compressPayloads() {
      compresses = true;
    },
    destroy: () => undefined,
  };
}

function streamEncoder(stream: Deflate | ZstdCompress, flushKind: number, isByteStream: boolean): Encoder {
  let chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  // Destroying a stream with work under way makes it complain; there is nobody left to tell.
  stream.on("error", () => undefined);
  return {
    isByteStream,
    encode(text, done) {
      stream.write(text);
      stream.flush(flushKind, () => {
        const message = Buffer.concat(chunks);
        chunks = [];
        done(message);
      });
    },
    compressPayloads: () => undefined,
    destroy: () => stream.destroy(),
  };
}
