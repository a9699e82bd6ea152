/**
 * Inflating by Node's public streams. Each write goes to the thread pool and back, which costs more than the inflating
 * itself, so all messages that wait are one write. What comes out is one run of bytes without marks between the
 * messages; `split-frames.ts` finds them.
 */
import { createInflate, createZstdDecompress } from "node:zlib";
import type { Compressed } from "./compression.ts";
import type { StreamInflater } from "./inflate.ts";
import { INFLATED_BYTES_MAX, MessageParts } from "./message-parts.ts";
import { splitFrames } from "./split-frames.ts";

export function createStreamInflater(compression: Compressed): StreamInflater {
  const stream = compression === "zstd-stream" ? createZstdDecompress() : createInflate();
  const parts = new MessageParts(compression);
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

  function write(messages: readonly Buffer[]): Promise<Buffer> {
    const [only] = messages;
    const whole = only !== undefined && messages.length === 1 ? only : Buffer.concat(messages);
    return new Promise((resolve, reject) => {
      fail = reject;
      stream.write(whole, (error) => {
        if (error) return reject(error);
        const [first] = output;
        const bytes = first !== undefined && output.length === 1 ? first : Buffer.concat(output, outputBytes);
        output = [];
        outputBytes = 0;
        resolve(bytes);
      });
    });
  }

  return {
    how: "stream",
    async inflateAll(frames) {
      const messages = frames.flatMap((frame) => parts.add(frame) ?? []);
      if (messages.length === 0) return [];
      const bytes = await write(messages);
      const split = splitFrames(bytes, messages.length);
      if (split === undefined) throw new Error("what messages inflate to does not come apart into as many");
      return split;
    },
    close() {
      fail = undefined;
      stream.destroy();
    },
  };
}
