import { createInflate } from "node:zlib";
import { afterEach, describe, expect, it, vi } from "vitest";
import { FrameReader } from "../../src/connection/frame-reader.ts";
import { createFrameScan } from "../../src/connection/frame-scan.ts";
import type { Incoming } from "../../src/connection/incoming.ts";
import { createInflater } from "../../src/connection/inflate.ts";
import { createStreamInflater } from "../../src/connection/inflate-by-stream.ts";
import { compressed } from "../fuzz/wire-corpus.ts";

afterEach(() => void vi.restoreAllMocks());

const dispatch = (seq: number, guildId = "100") =>
  `{"t":"VOICE_STATE_UPDATE","s":${seq},"op":0,"d":{"guild_id":"${guildId}"}}`;

/** A reader by the slower way, and all it says in order. */
function setUp(onBacklog: (full: boolean) => void = () => undefined) {
  const said: string[] = [];
  let notify = (): void => undefined;
  const say = (text: string): void => {
    said.push(text);
    notify();
  };
  const reader = new FrameReader({
    compression: "zstd-stream",
    scan: createFrameScan({ names: new Set(["VOICE_STATE_UPDATE"]), guildId: "100" }),
    onFrame: ({ frame }: Incoming) => say("seq" in frame ? `read ${frame.seq}` : frame.kind),
    onPassedOver: ({ seq }) => say(`passed over ${seq}`),
    onNotSpoken: () => say("not spoken"),
    onBacklog,
    createInflater: createStreamInflater,
  });
  const until = (count: number): Promise<void> =>
    new Promise((resolve) => {
      notify = () => {
        if (said.length >= count) resolve();
      };
      notify();
    });
  return { reader, said, until };
}

describe("reading by stream", () => {
  it("keeps the order of compressed and plain messages, whenever they come", async () => {
    const { reader, said, until } = setUp();
    const texts = [1, 2, 3, 4, 5, 6].map((seq) => dispatch(seq, seq % 2 === 0 ? "100" : "999"));
    const [one, two, three, four, five] = await compressed("zstd-stream", texts);
    for (const bytes of [one, two, three]) reader.read({ bytes: bytes ?? Buffer.alloc(0), binary: true });
    reader.read({ bytes: Buffer.from('{"op":7}'), binary: false });
    reader.read({ bytes: four ?? Buffer.alloc(0), binary: true });
    await until(4);
    reader.read({ bytes: five ?? Buffer.alloc(0), binary: true });
    reader.read({ bytes: Buffer.from('{"op":11}'), binary: false });
    await until(7);
    expect(said).toEqual([
      "passed over 1",
      "read 2",
      "passed over 3",
      "reconnect",
      "read 4",
      "passed over 5",
      "heartbeatAck",
    ]);
    reader.close();
  });

  it("says that the compression is not spoken when the very first message is none", async () => {
    const { reader, said, until } = setUp();
    reader.read({ bytes: Buffer.from("rubbish"), binary: true });
    await until(2);
    expect(said).toEqual(["not spoken", "malformed"]);
    reader.close();
  });

  it("asks for a pause while too much waits, and for more when half is gone", async () => {
    const asked: boolean[] = [];
    const { reader, until } = setUp((full) => asked.push(full));
    const [message] = await compressed("zstd-stream", [dispatch(1)]);
    reader.read({ bytes: message ?? Buffer.alloc(0), binary: true });
    const large = Buffer.concat([
      Buffer.from('{"op":11,"d":"'),
      Buffer.alloc(5_000_000, "x"),
      Buffer.from('"}'),
    ]);
    for (let count = 0; count < 2; count += 1) reader.read({ bytes: large, binary: false });
    expect(asked).toEqual([true]);
    await until(3);
    expect(asked).toEqual([true, false]);
    reader.close();
  });

  it("says nothing once it was closed", async () => {
    const { reader, said } = setUp();
    const messages = await compressed("zstd-stream", [dispatch(1), dispatch(2)]);
    for (const bytes of messages) reader.read({ bytes, binary: true });
    reader.close();
    for (let turns = 0; turns < 20; turns += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(said).toEqual([]);
  });

  it("is what is left when a Node's inside is not what we know", async () => {
    const probe = createInflate() as unknown as { readonly _handle: object; destroy(): void };
    const handle = Object.getPrototypeOf(probe._handle) as { writeSync: () => void };
    probe.destroy();
    vi.spyOn(handle, "writeSync").mockImplementation(() => undefined);
    const inflater = createInflater("zlib-stream");
    expect(inflater.how).toBe("stream");
    inflater.close();
  });
});
