import { describe, expect, it } from "vitest";
import { type FrameHead, FrameReader } from "../../src/fan-out/frame-reader.ts";
import { serverFrame } from "../../src/intake/websocket-frame.ts";

const SIZES = [0, 1, 125, 126, 360, 65_535, 65_536, 70_000];
/** What looks like a header everywhere: only its length says where the next frame begins. */
const payload = (bytes: number): Buffer => Buffer.alloc(bytes, 0x81);

function framesOf(chunks: readonly Buffer[]): readonly FrameHead[] {
  const frames: FrameHead[] = [];
  const reader = new FrameReader();
  for (const chunk of chunks) reader.read(chunk, (frame) => frames.push(frame));
  return frames;
}

describe("a reader of frames by their lengths", () => {
  const frames = SIZES.map((size, index) => serverFrame(payload(size), index % 2 === 1));
  const all = Buffer.concat(frames);
  const wanted = SIZES.map((payloadBytes, index) => ({ opcode: 1 + (index % 2), payloadBytes }));

  it.each([1, 2, 3, 7, 1_000, all.length])("finds all of them in chunks of %i bytes", (chunkBytes) => {
    const chunks = Array.from({ length: Math.ceil(all.length / chunkBytes) }, (_, index) =>
      all.subarray(index * chunkBytes, (index + 1) * chunkBytes),
    );
    expect(framesOf(chunks)).toEqual(wanted);
  });

  it("tells where a payload begins", () => {
    const starts: number[] = [];
    const chunk = Buffer.concat([serverFrame(payload(3), false), serverFrame(payload(300), false)]);
    new FrameReader().read(chunk, (_, at) => starts.push(at));
    expect(starts).toEqual([2, 9]);
  });
});
