/**
 * Inflating of one connection's messages. There are two ways of the same result:
 *
 *   direct   on the spot, by the call that Node's own synchronous functions make: about a microsecond a message
 *   stream   by Node's public streams, which go through the thread pool: tens of microseconds for each write, so that
 *            all messages that wait are one write
 *
 * The direct way uses a part of Node that is not documented, so it is tried out on every connection before it is used
 * (docs/decisions/0027). Both obey the same bounds.
 */
import type { Compressed } from "./compression.ts";
import { createStreamInflater } from "./inflate-by-stream.ts";
import { tryDirectInflater } from "./inflate-directly.ts";

export interface DirectInflater {
  readonly how: "direct";
  /**
   * The message that `bytes` complete, or `undefined` when more frames are needed. It is valid until the next call.
   * Throws on corrupt input and above the bounds; the inflater is useless then.
   */
  inflate(bytes: Buffer): Buffer | undefined;
  close(): void;
}

export interface StreamInflater {
  readonly how: "stream";
  /**
   * The messages that these frames complete, in order. Calls must not overlap. Rejects on corrupt input and above the
   * bounds, for all of them; the inflater is useless then.
   */
  inflateAll(frames: readonly Buffer[]): Promise<readonly Buffer[]>;
  close(): void;
}

export type Inflater = DirectInflater | StreamInflater;

export function createInflater(compression: Compressed): Inflater {
  return tryDirectInflater(compression) ?? createStreamInflater(compression);
}
