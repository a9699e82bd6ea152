import { describe, expect, it } from "vitest";
import { FrameReader } from "../../src/connection/frame-reader.ts";
import type { Incoming } from "../../src/connection/incoming.ts";
import { createStreamInflater } from "../../src/connection/inflate-by-stream.ts";
import { tryDirectInflater } from "../../src/connection/inflate-directly.ts";
import { compressed } from "./wire-corpus.ts";

const MEBIBYTE = 1024 * 1024;

/** Inflates to a valid frame and 144 MiB of blanks behind it, from a few kilobytes. */
async function bomb(compression: "zstd-stream" | "zlib-stream"): Promise<Buffer> {
  const parts = Array.from({ length: 9 }, () => Buffer.alloc(16 * MEBIBYTE, " "));
  return Buffer.concat(await compressed(compression, ['{"op":11}', ...parts]));
}

describe.each(["zstd-stream", "zlib-stream"] as const)("the bounds of %s", (compression) => {
  it("refuse a message that inflates to more than it may", async () => {
    const bytes = await bomb(compression);
    const direct = tryDirectInflater(compression);
    expect(() => direct?.inflate(bytes)).toThrow(/more than/);
    direct?.close();
    const stream = createStreamInflater(compression);
    await expect(stream.inflateAll([bytes])).rejects.toThrow(/more than/);
    stream.close();
  }, 20_000);
});

describe("the bounds of zlib-stream", () => {
  it("refuse a message that never ends", async () => {
    const frames: Incoming[] = [];
    const reader = new FrameReader({
      compression: "zlib-stream",
      scan: undefined,
      onFrame: (incoming) => frames.push(incoming),
      onPassedOver: () => undefined,
      onNotSpoken: () => undefined,
      onBacklog: () => undefined,
    });
    const part = Buffer.alloc(MEBIBYTE, 1);
    // The same megabyte over and over: more than a whole message may have on the wire or inflated.
    for (let parts = 0; parts < 256; parts += 1) reader.read({ bytes: part, binary: true });
    for (let turns = 0; turns < 300; turns += 1) await new Promise((resolve) => setImmediate(resolve));
    reader.close();
    expect(frames.map(({ frame }) => frame.kind)).toContain("malformed");
  });
});
