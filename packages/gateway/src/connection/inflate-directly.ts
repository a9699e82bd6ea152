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

/** Nearly every message fits; a larger one is put together from several. */
const OUTPUT_BYTES = 64 * 1024;

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
  const output = Buffer.allocUnsafeSlow(OUTPUT_BYTES);
  const parts = new MessageParts(compression);
  let failure: Error | undefined;
  handle.onerror = (message) => {
    failure = new Error(message);
  };
  stream.on("error", () => undefined);

  /** Inflates what fits into `output`, from byte `from` of the message on. */
  function inflateSome(message: Buffer, from: number): { readonly read: number; readonly written: number } {
    handle.writeSync(flush, message, from, message.length - from, output, 0, OUTPUT_BYTES);
    if (failure !== undefined) throw failure;
    const [free = 0, unread = 0] = left;
    return { read: message.length - unread, written: OUTPUT_BYTES - free };
  }

  /** Everything that one message inflates to: mostly a view of `output`. */
  function inflated(message: Buffer): Buffer {
    let { read, written } = inflateSome(message, 0);
    if (read === message.length && written < OUTPUT_BYTES) return output.subarray(0, written);
    const chunks: Buffer[] = [];
    let bytes = 0;
    for (;;) {
      // The output is written over by the next round.
      chunks.push(Buffer.from(output.subarray(0, written)));
      bytes += written;
      if (bytes > INFLATED_BYTES_MAX) {
        throw new Error(`a message inflates to more than ${INFLATED_BYTES_MAX} bytes`);
      }
      if (read === message.length && written < OUTPUT_BYTES) return Buffer.concat(chunks, bytes);
      const readBefore = read;
      ({ read, written } = inflateSome(message, read));
      if (read === readBefore && written === 0 && read < message.length) {
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
