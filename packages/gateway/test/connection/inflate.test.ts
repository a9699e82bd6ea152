import { constants, createDeflate, createZstdCompress } from "node:zlib";
import { describe, expect, it } from "vitest";
import { type Compression, createInflater } from "../../src/connection/inflate.ts";

/** A server's end: one context, each message flushed so that it can be read by itself. */
function compressor(compression: Exclude<Compression, "none">) {
  const stream = compression === "zstd-stream" ? createZstdCompress() : createDeflate();
  const flushKind = compression === "zstd-stream" ? constants.ZSTD_e_flush : constants.Z_SYNC_FLUSH;
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  return (text: string) =>
    new Promise<Buffer>((resolve) => {
      stream.write(text);
      (stream as unknown as { flush(kind: number, done: () => void): void }).flush(flushKind, () => {
        resolve(Buffer.concat(chunks.splice(0)));
      });
    });
}

describe.each(["zstd-stream", "zlib-stream"] as const)("inflating %s", (compression) => {
  it("reads messages that share one context", async () => {
    const deflate = compressor(compression);
    const inflater = createInflater(compression);
    for (const text of ['{"op":10}', '{"op":0,"s":1}', `{"op":0,"d":"${"é€😀".repeat(500)}"}`]) {
      expect(String(await inflater.inflate(await deflate(text)))).toBe(text);
    }
    inflater.close();
  });

  it("joins all parts of a message that is larger than any buffer", async () => {
    const text = JSON.stringify({
      members: Array.from({ length: 20_000 }, (_, id) => ({ id, name: `n${id * 7919}` })),
    });
    const inflater = createInflater(compression);
    expect(String(await inflater.inflate(await compressor(compression)(text)))).toBe(text);
    inflater.close();
  });

  it("rejects bytes that are not of the stream", async () => {
    const inflater = createInflater(compression);
    const garbage = Buffer.concat([
      Buffer.from("garbage, not a stream at all"),
      Buffer.from([0, 0, 0xff, 0xff]),
    ]);
    await expect(inflater.inflate(garbage)).rejects.toThrow();
    inflater.close();
  });
});

describe("zlib-stream", () => {
  it("waits for the rest of a message that comes in two frames", async () => {
    const bytes = await compressor("zlib-stream")('{"op":11}');
    const inflater = createInflater("zlib-stream");
    expect(await inflater.inflate(bytes.subarray(0, 5))).toBeUndefined();
    expect(String(await inflater.inflate(bytes.subarray(5)))).toBe('{"op":11}');
    inflater.close();
  });
});
