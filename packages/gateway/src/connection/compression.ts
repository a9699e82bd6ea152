/**
 * The transport compressions Discord offers: one context for the whole life of a connection, fed message by message.
 *
 *   zlib-stream   a message ends with 00 00 ff ff and may arrive in several frames
 *   zstd-stream   one frame is one message; the zstd frame itself never ends
 *
 * Source: https://discord.com/developers/docs/events/gateway#transport-compression
 */
import { createZstdDecompress } from "node:zlib";

export type Compression = "zstd-stream" | "zlib-stream" | "none";
/** Those that compress. */
export type Compressed = Exclude<Compression, "none">;

/** From the best to the plainest: each is what to fall back on when the one before cannot be had. */
const LADDER: readonly Compression[] = ["zstd-stream", "zlib-stream", "none"];

export function fallbackOf(compression: Compression): Compression {
  return LADDER[LADDER.indexOf(compression) + 1] ?? "none";
}

/** What was wanted, or the next best thing this Node has: zstd came with 22.15 and 23.8. */
export function availableCompression(wanted: Compression): Compression {
  return wanted === "zstd-stream" && typeof createZstdDecompress !== "function" ? fallbackOf(wanted) : wanted;
}
