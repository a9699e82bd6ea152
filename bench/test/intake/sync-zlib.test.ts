import { createInflate, createZstdDecompress } from "node:zlib";
import { describe, expect, it } from "vitest";
import { compressor, decompressor } from "../../src/intake/sync-zlib.ts";

const MESSAGES = Array.from({ length: 500 }, (_, index) =>
  JSON.stringify({
    t: "TYPING_START",
    s: index,
    op: 0,
    d: { id: String(index * 7_919), text: "x".repeat(index) },
  }),
);

describe.each(["zlib-stream", "zstd-stream"] as const)("%s without the thread pool", (transport) => {
  it("gives back each message by itself, in one context", () => {
    const [pack, unpack] = [compressor(transport), decompressor(transport)];
    const packed = MESSAGES.map((text) => Buffer.from(pack(Buffer.from(text))));
    expect(packed.map((bytes) => unpack(bytes).toString())).toEqual(MESSAGES);
    const alone = compressor(transport)(Buffer.from(MESSAGES[300] ?? ""));
    expect(packed[300]?.length).toBeLessThan(alone.length);
  });

  it("is what Node's own stream reads", async () => {
    const pack = compressor(transport);
    const stream = transport === "zlib-stream" ? createInflate() : createZstdDecompress();
    const chunks: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    for (const text of MESSAGES) {
      await new Promise((resolve) => void stream.write(pack(Buffer.from(text)), resolve));
    }
    expect(Buffer.concat(chunks).toString()).toBe(MESSAGES.join(""));
    stream.destroy();
  });

  it("throws on bytes that are none", () => {
    expect(() => decompressor(transport)(Buffer.from("not compressed at all"))).toThrow();
  });
});

it("ends each message of zlib-stream with an empty block, as Discord does", () => {
  const pack = compressor("zlib-stream");
  for (const text of MESSAGES) expect(pack(Buffer.from(text)).subarray(-4).toString("hex")).toBe("0000ffff");
});
