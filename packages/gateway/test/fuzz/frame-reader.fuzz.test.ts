import { setImmediate as turn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FrameReader } from "../../src/connection/frame-reader.ts";
import type { Incoming } from "../../src/connection/incoming.ts";
import type { Compression } from "../../src/index.ts";
import { compressed, FRAMES, spoil, spoiling } from "./wire-corpus.ts";

const STREAMS = ["zstd-stream", "zlib-stream"] as const;
const ZLIB_MESSAGE_END = "0000ffff";
/** Of real time, for what takes milliseconds. */
const HANGS_AFTER_MS = 15_000;

const escaped: unknown[] = [];
const note = (reason: unknown): void => void escaped.push(reason);
beforeAll(() => {
  process.on("unhandledRejection", note);
  process.on("uncaughtException", note);
});
afterAll(() => {
  process.off("unhandledRejection", note);
  process.off("uncaughtException", note);
});

interface Reading {
  readonly frames: readonly Incoming[];
  readonly notSpoken: number;
}

/**
 * Reads messages as one connection does, then a plain one to see that the reader still answers: it comes behind all
 * others, so that once it was read nothing is under way.
 */
async function read(
  compression: Compression,
  messages: readonly { readonly bytes: Buffer; readonly binary: boolean }[],
): Promise<Reading> {
  const frames: Incoming[] = [];
  let notSpoken = 0;
  const reader = new FrameReader({
    compression,
    scan: undefined,
    onFrame: (incoming) => frames.push(incoming),
    onPassedOver: () => undefined,
    onNotSpoken: () => {
      notSpoken += 1;
    },
    onBacklog: () => undefined,
  });
  for (const message of messages) reader.read(message);
  reader.read({ bytes: Buffer.from('{"op":77}'), binary: false });
  const isLast = (incoming: Incoming | undefined) =>
    incoming?.frame.kind === "unknown" && incoming.frame.op === 77;
  const startedAtMs = performance.now();
  while (!isLast(frames.at(-1))) {
    if (performance.now() - startedAtMs > HANGS_AFTER_MS) throw new Error("the reader hangs");
    await turn();
  }
  reader.close();
  return { frames: frames.slice(0, -1), notSpoken };
}

const binary = (bytes: Buffer) => ({ bytes, binary: true });

/** A message that ends says something: what it held, or that it cannot be read. Only zlib messages can be unfinished. */
function answersOwed(compression: Compression, messages: readonly Buffer[]): number {
  if (compression !== "zlib-stream") return messages.length;
  return messages.filter((bytes) => bytes.subarray(-4).toString("hex") === ZLIB_MESSAGE_END).length;
}

describe.each(STREAMS)("reading %s", (compression) => {
  it("answers each message of random bytes", async () => {
    const bytes = fc.uint8Array({ minLength: 0, maxLength: 300 }).map((array) => Buffer.from(array));
    await fc.assert(
      fc.asyncProperty(fc.array(bytes, { minLength: 1, maxLength: 4 }), async (messages) => {
        const ended = messages.map((message) => Buffer.concat([message, Buffer.from([0, 0, 0xff, 0xff])]));
        const { frames } = await read(compression, ended.map(binary));
        expect(frames).toHaveLength(ended.length);
        expect(frames.every(({ frame }) => frame.kind === "malformed")).toBe(true);
      }),
      { numRuns: 150 },
    );
    expect(escaped).toEqual([]);
  });

  it("answers each message of a stream in which one was spoiled", async () => {
    const messages = await compressed(compression, FRAMES);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(messages.length - 1),
        fc.array(spoiling, { minLength: 1, maxLength: 3 }),
        async (place, ways) => {
          const sent = messages.map((message, index) => (index === place ? spoil(message, ways) : message));
          const { frames } = await read(compression, sent.map(binary));
          expect(frames).toHaveLength(answersOwed(compression, sent));
          expect(frames.slice(0, place).every(({ frame }) => frame.kind !== "malformed")).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
    expect(escaped).toEqual([]);
  });

  it("asks for something plainer only when nothing at all could be read", async () => {
    const messages = (await compressed(compression, FRAMES)).map(binary);
    const garbage = binary(Buffer.from("no stream at all\u0000\u0000\u00ff\u00ff", "latin1"));
    expect((await read(compression, [garbage])).notSpoken).toBe(1);
    expect((await read(compression, [...messages, garbage])).notSpoken).toBe(0);
  });

  it("can be closed at any moment", async () => {
    const messages = await compressed(compression, FRAMES);
    for (let turns = 0; turns < 40; turns += 1) {
      const options = {
        compression,
        scan: undefined,
        onFrame: () => undefined,
        onPassedOver: () => undefined,
      };
      const reader = new FrameReader({
        ...options,
        onNotSpoken: () => undefined,
        onBacklog: () => undefined,
      });
      for (const message of messages) reader.read(binary(message));
      for (let waited = 0; waited < turns % 8; waited += 1) await turn();
      reader.close();
    }
    for (let turns = 0; turns < 50; turns += 1) await turn();
    expect(escaped).toEqual([]);
  });

  it("holds on to nothing of the connections it had", async () => {
    const messages = await compressed(compression, FRAMES);
    const spoiled = messages.map((message, index) =>
      index === 5 ? spoil(message, [{ kind: "flip", at: 9, byte: 0xff }]) : message,
    );
    const connections = async (count: number): Promise<void> => {
      for (let made = 0; made < count; made += 1) {
        await read(compression, spoiled.map(binary));
        // Node lets go of a closed context in a turn of its own.
        await turn();
      }
    };
    await connections(100);
    const before = memoryBytes();
    await connections(400);
    const grownBytes = memoryBytes() - before;
    expect(grownBytes, "of 400 connections").toBeLessThan(24 * 1024 * 1024);
    expect(escaped).toEqual([]);
  }, 30_000);
});

/** What lives on the heap and beside it, in buffers, once the garbage is gone. */
function memoryBytes(): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

describe("reading without compression", () => {
  it("refuses binary messages, each of them", async () => {
    const { frames } = await read("none", [binary(Buffer.from("{}")), binary(Buffer.alloc(0))]);
    expect(frames.map(({ frame }) => frame.kind)).toEqual(["malformed", "malformed"]);
  });
});
