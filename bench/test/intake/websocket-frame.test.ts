import { describe, expect, it } from "vitest";
import { serverFrame } from "../../src/intake/websocket-frame.ts";

describe("a frame from the server", () => {
  it.each([
    [0, [0x81, 0]],
    [125, [0x81, 125]],
    [126, [0x81, 126, 0, 126]],
    [65_535, [0x81, 126, 0xff, 0xff]],
    [65_536, [0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]],
  ])("of %i bytes says its length", (length, header) => {
    const payload = Buffer.alloc(length, 7);
    const frame = serverFrame(payload, false);
    expect([...frame.subarray(0, header.length)]).toEqual(header);
    expect(frame.subarray(header.length).equals(payload)).toBe(true);
  });

  it("says when it is binary", () => {
    expect(serverFrame(Buffer.from("x"), true)[0]).toBe(0x82);
  });
});
