import { constants, createDeflate, createZstdCompress } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { Compressed } from "../../src/connection/compression.ts";
import { createInflater } from "../../src/connection/inflate.ts";
import { createStreamInflater } from "../../src/connection/inflate-by-stream.ts";
import { tryDirectInflater } from "../../src/connection/inflate-directly.ts";

/** A server's end: one context, each message flushed so that it can be read by itself. */
function compressor(compression: Compressed) {
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

interface Subject {
  /** What the frames say, one after the other. */
  inflate(...frames: readonly Buffer[]): Promise<readonly string[]>;
  close(): void;
}

/** Both ways, in one dress. What a direct inflater gives is valid until its next call only. */
const WAYS: Readonly<Record<string, (compression: Compressed) => Subject>> = {
  directly(compression) {
    const inflater = tryDirectInflater(compression);
    if (inflater === undefined) throw new Error("this Node has no direct way");
    return {
      inflate: async (...frames) => frames.flatMap((frame) => inflater.inflate(frame)?.toString() ?? []),
      close: () => inflater.close(),
    };
  },
  "by stream"(compression) {
    const inflater = createStreamInflater(compression);
    return {
      inflate: async (...frames) => (await inflater.inflateAll(frames)).map(String),
      close: () => inflater.close(),
    };
  },
};

const CASES = Object.keys(WAYS).flatMap((way) =>
  (["zstd-stream", "zlib-stream"] as const).map((compression) => ({ way, compression })),
);

function subject(way: string, compression: Compressed): Subject {
  const create = WAYS[way];
  if (create === undefined) throw new Error(`no way is called ${way}`);
  return create(compression);
}

describe.each(CASES)("inflating $compression $way", ({ way, compression }) => {
  it("reads messages that share one context", async () => {
    const deflate = compressor(compression);
    const inflater = subject(way, compression);
    for (const text of ['{"op":10}', '{"op":0,"s":1}', `{"op":0,"d":"${"é€😀".repeat(500)}"}`]) {
      expect(await inflater.inflate(await deflate(text))).toEqual([text]);
    }
    inflater.close();
  });

  it("reads messages that come together", async () => {
    const deflate = compressor(compression);
    const texts = ['{"t":null,"op":10}', '{"t":"A","d":"}{"}', '{"op":11,"x":["}{\\"t\\":"]}', '{"t":"B"}'];
    const frames: Buffer[] = [];
    for (const text of texts) frames.push(await deflate(text));
    const inflater = subject(way, compression);
    expect(await inflater.inflate(...frames)).toEqual(texts);
    inflater.close();
  });

  it("joins all parts of a message that is larger than any buffer that is kept", async () => {
    const text = JSON.stringify({
      members: Array.from({ length: 200_000 }, (_, id) => ({ id, name: `n${id * 7919}` })),
    });
    const inflater = subject(way, compression);
    const deflate = compressor(compression);
    expect(await inflater.inflate(await deflate(text))).toEqual([text]);
    expect(await inflater.inflate(await deflate('{"op":11}'))).toEqual(['{"op":11}']);
    inflater.close();
  });

  it("reads messages of every length around the size of its buffer", async () => {
    const deflate = compressor(compression);
    const inflater = subject(way, compression);
    for (const length of [65_534, 65_535, 65_536, 65_537, 131_072]) {
      const text = `"${"x".repeat(length - 2)}"`;
      expect(await inflater.inflate(await deflate(text))).toEqual([text]);
    }
    inflater.close();
  });

  it("rejects bytes that are not of the stream, and everything after them", async () => {
    const inflater = subject(way, compression);
    const garbage = Buffer.concat([
      Buffer.from("garbage, not a stream at all"),
      Buffer.from([0, 0, 0xff, 0xff]),
    ]);
    await expect(inflater.inflate(garbage)).rejects.toThrow();
    await expect(inflater.inflate(await compressor(compression)('{"op":11}'))).rejects.toThrow();
    inflater.close();
  });
});

describe.each(Object.keys(WAYS))("zlib-stream %s", (way) => {
  it("waits for the rest of a message that comes in two frames", async () => {
    const bytes = await compressor("zlib-stream")('{"op":11}');
    const inflater = subject(way, "zlib-stream");
    expect(await inflater.inflate(bytes.subarray(0, 5))).toEqual([]);
    expect(await inflater.inflate(bytes.subarray(5))).toEqual(['{"op":11}']);
    inflater.close();
  });

  it("rejects what comes behind the end of the stream", async () => {
    const { deflateSync } = await import("node:zlib");
    const ended = Buffer.concat([
      deflateSync('{"op":11}'),
      Buffer.from("more\u0000\u0000\u00ff\u00ff", "latin1"),
    ]);
    const inflater = subject(way, "zlib-stream");
    if (way === "directly") await expect(inflater.inflate(ended)).rejects.toThrow(/ended/);
    inflater.close();
  });
});

describe("the way to inflate", () => {
  it.each(["zstd-stream", "zlib-stream"] as const)("is the direct one for %s on this Node", (compression) => {
    const inflater = createInflater(compression);
    expect(inflater.how).toBe("direct");
    inflater.close();
  });
});
