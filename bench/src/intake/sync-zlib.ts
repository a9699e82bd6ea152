/**
 * zlib and zstd without the thread pool: a stream's context, fed a piece at a time, its output at once. Node has no
 * public way to do that, so this goes through a private one (`_processChunk`), which ends the context after each piece
 * unless it is kept from doing so. For making recordings and for the limits that ours is held against; not for a product.
 */
import { constants, createDeflate, createInflate, createZstdCompress, createZstdDecompress } from "node:zlib";

export type Transport = "none" | "zlib-stream" | "zstd-stream";
/** What it gives is overwritten by the next piece: it has to be used, or copied, before. */
export type PieceCodec = (piece: Buffer) => Buffer;

interface ZlibStream {
  _handle: { close: () => void } | null;
  _processChunk: (chunk: Buffer, flush: number) => Buffer;
  removeAllListeners: (event: "error") => void;
}

/** Each piece can be read by itself by whoever has read those before it. */
export function compressor(transport: Exclude<Transport, "none">): PieceCodec {
  return transport === "zlib-stream"
    ? keptOpen(createDeflate(), constants.Z_SYNC_FLUSH)
    : keptOpen(createZstdCompress(), constants.ZSTD_e_flush);
}

export function decompressor(transport: Exclude<Transport, "none">): PieceCodec {
  return transport === "zlib-stream"
    ? keptOpen(createInflate(), constants.Z_SYNC_FLUSH)
    : keptOpen(createZstdDecompress(), constants.ZSTD_e_continue);
}

function keptOpen(stream: unknown, flush: number): PieceCodec {
  const inner = stream as ZlibStream;
  const handle = inner._handle;
  if (handle === null || typeof inner._processChunk !== "function") {
    throw new Error("this Node.js has no synchronous way into a zlib stream");
  }
  handle.close = () => undefined;
  return (piece) => {
    inner._handle = handle;
    // It listens for errors anew each time, and throws those it heard.
    inner.removeAllListeners("error");
    return inner._processChunk(piece, flush);
  };
}
