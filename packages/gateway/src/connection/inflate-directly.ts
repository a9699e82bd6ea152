/**
 * Inflating on the spot. Node's zlib streams have a native handle with `writeSync`, which `inflateSync` and its like
 * are made of; but those begin a new context for each call, and the context of a connection has to go on. So the handle
 * is called here, as Node's own `processChunkSync` calls it.
 *
 * None of that is documented. It is looked at with suspicion: `tryDirectInflater` gives nothing unless the parts are
 * there and a handle of the same kind inflates two messages of one context and refuses rubbish, at once.
 */
import { constants, createInflate, createZstdDecompress } from "node:zlib";
import type { Compressed } from "./compression.ts";
import type { DirectInflater } from "./inflate.ts";
import { INFLATED_BYTES_MAX, MessageParts } from "./message-parts.ts";

/** What is used of Node's inside; the same since 2018. */
interface ZlibStream {
  readonly _handle: ZlibHandle;
  /** After a write: bytes of the output left free, bytes of the input left unread. */
  readonly _writeState: Uint32Array;
  on(event: "error", listener: () => void): unknown;
  destroy(): void;
}

interface ZlibHandle {
  onerror: (message: string, errno: number, code: string) => void;
  writeSync(
    flush: number,
    input: Buffer,
    inputFrom: number,
    inputBytes: number,
    output: Buffer,
    outputFrom: number,
    outputBytes: number,
  ): void;
}

/** Nearly every message fits; for a larger one the output grows. */
const OUTPUT_BYTES_MIN = 64 * 1024;
/** A server's GUILD_CREATE is a few MiB. An output that had to grow beyond this is given back with the next message. */
const OUTPUT_BYTES_KEPT_MAX = 4 * 1024 * 1024;

/** Two messages of one context, and what they say. */
const SAMPLES: Readonly<Record<Compressed, readonly (readonly [base64: string, text: string])[]>> = {
  "zlib-stream": [
    ["eNqqVipRssorzcnRUSqGMfILlKwMDXWUUiACtQAAAAD//w==", '{"t":null,"s":null,"op":11,"d":null}'],
    ["qsalBqEEAAAA//8=", '{"t":null,"s":null,"op":1,"d":null}'],
  ],
  "zstd-stream": [
    ["KLUv/QBYIAEAeyJ0IjpudWxsLCJzIjpudWxsLCJvcCI6MTEsImQiOm51bGx9", '{"t":null,"s":null,"op":11,"d":null}'],
    ["TAAAAAIARm1wFgUE", '{"t":null,"s":null,"op":1,"d":null}'],
  ],
};
const RUBBISH = Buffer.from("no message of any stream\u0000\u0000\u00ff\u00ff", "latin1");

/** `undefined` when this Node is made differently. */
export function tryDirectInflater(compression: Compressed): DirectInflater | undefined {
  return provesItself(compression) ? createDirectInflater(compression) : undefined;
}

function provesItself(compression: Compressed): boolean {
  let inflater: DirectInflater | undefined;
  try {
    inflater = createDirectInflater(compression);
    for (const [base64, text] of SAMPLES[compression]) {
      if (inflater.inflate(Buffer.from(base64, "base64"))?.toString() !== text) return false;
    }
  } catch {
    return false;
  }
  try {
    inflater.inflate(RUBBISH);
    return false;
  } catch {
    return true;
  } finally {
    inflater.close();
  }
}

function createDirectInflater(compression: Compressed): DirectInflater {
  const isZstd = compression === "zstd-stream";
  const stream = (isZstd ? createZstdDecompress() : createInflate()) as unknown as ZlibStream;
  const flush = isZstd ? constants.ZSTD_e_continue : constants.Z_SYNC_FLUSH;
  const { _handle: handle, _writeState: left } = stream;
  let output: Buffer = Buffer.allocUnsafeSlow(OUTPUT_BYTES_MIN);
  const parts = new MessageParts(compression);
  let failure: Error | undefined;
  handle.onerror = (message) => {
    failure = new Error(message);
  };
  stream.on("error", () => undefined);

  /** Everything that one message inflates to, as a view of `output`. */
  function inflated(message: Buffer): Buffer {
    if (output.length > OUTPUT_BYTES_KEPT_MAX) output = Buffer.allocUnsafeSlow(OUTPUT_BYTES_MIN);
    let read = 0;
    let written = 0;
    for (;;) {
      const readBefore = read;
      const writtenBefore = written;
      handle.writeSync(flush, message, read, message.length - read, output, written, output.length - written);
      if (failure !== undefined) throw failure;
      const [free = 0, unread = 0] = left;
      read = message.length - unread;
      written = output.length - free;
      if (free === 0) output = grown(output);
      else if (unread === 0) return output.subarray(0, written);
      else if (read === readBefore && written === writtenBefore) {
        throw new Error("the stream ended before its connection");
      }
    }
  }

  return {
    how: "direct",
    inflate(bytes) {
      if (failure !== undefined) throw failure;
      try {
        const message = parts.add(bytes);
        return message === undefined ? undefined : inflated(message);
      } catch (error) {
        failure = error instanceof Error ? error : new Error(String(error));
        throw failure;
      }
    },
    close: () => stream.destroy(),
  };
}

/** Twice as large, with the same bytes. */
function grown(output: Buffer): Buffer {
  if (output.length > INFLATED_BYTES_MAX) {
    throw new Error(`a message inflates to more than ${INFLATED_BYTES_MAX} bytes`);
  }
  const larger = Buffer.allocUnsafeSlow(Math.min(2 * output.length, INFLATED_BYTES_MAX + 1));
  output.copy(larger);
  return larger;
}
