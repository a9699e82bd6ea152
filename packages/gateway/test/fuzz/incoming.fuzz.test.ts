import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createFrameScan } from "../../src/connection/frame-scan.ts";
import { readIncoming } from "../../src/connection/incoming.ts";
import { FRAMES, GUILD_ID, oddFrame, spoil, spoiling } from "./wire-corpus.ts";

const scan = createFrameScan({ names: new Set(["VOICE_STATE_UPDATE", "GUILD_CREATE"]), guildId: GUILD_ID });
const KINDS =
  /^(hello|heartbeatRequest|heartbeatAck|reconnect|invalidSession|ready|resumed|dispatch|unknown|malformed)$/;
const RUNS = { numRuns: 3_000 };

/** Whatever the bytes are: a typed frame, numbers that count, and the same answer with and without the look ahead. */
function expectTyped(bytes: Buffer): void {
  const { frame, dispatch } = readIncoming(bytes);
  expect(frame.kind).toMatch(KINDS);
  if ("seq" in frame) {
    expect(Number.isSafeInteger(frame.seq)).toBe(true);
    expect(frame.seq).toBeGreaterThanOrEqual(0);
  }
  if (frame.kind === "hello") expect(frame.heartbeatIntervalMs).toBeGreaterThan(0);
  if (dispatch !== null && "seq" in frame) expect(dispatch.seq).toBe(frame.seq);
  const passed = scan(bytes);
  // Of a frame that is cut off behind its head, nothing but the head is looked at.
  if (passed !== undefined && frame.kind !== "malformed") {
    expect(frame).toMatchObject({ kind: "dispatch", ...passed });
  }
}

describe("reading a frame", () => {
  it("gives a typed frame for any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => expectTyped(Buffer.from(bytes))),
      RUNS,
    );
  });

  it("gives a typed frame for any JSON", () => {
    fc.assert(
      fc.property(fc.json(), (json) => expectTyped(Buffer.from(json))),
      RUNS,
    );
  });

  it("gives a typed frame for a spoiled one", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...FRAMES),
        fc.array(spoiling, { minLength: 1, maxLength: 4 }),
        (frame, ways) => expectTyped(spoil(Buffer.from(frame), ways)),
      ),
      RUNS,
    );
  });

  it("gives a typed frame for one with an odd value in it", () => {
    fc.assert(
      fc.property(oddFrame, (frame) => expectTyped(Buffer.from(frame))),
      { numRuns: 1_000 },
    );
  });
});
