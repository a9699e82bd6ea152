import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readClientFrame, TOPIC_LENGTH_MAX } from "../src/client-message.ts";

const read = (message: unknown) => readClientFrame(JSON.stringify(message));

describe("a browser's frame", () => {
  it.each([
    { t: "auth", id: 1, v: 1, subs: [] },
    {
      t: "auth",
      id: 1,
      v: 1,
      ticket: "x",
      sdk: "ts/1",
      subs: [{ topic: "t", e: "e", o: 0 }, { topic: "u" }],
    },
    { t: "sub", id: 2, topic: "t" },
    { t: "sub", id: 2, topic: "t", e: "e", o: 841 },
    { t: "unsub", id: 3, topic: "t" },
    { t: "resync", id: 4, topic: "t", e: "e", o: 852, why: "digest", dg: 12345 },
    { t: "resync", id: 4, topic: "t", why: "gap" },
    { t: "pong" },
  ])("is read as it was written: %j", (message) => {
    expect(read(message)).toEqual({ type: "message", message });
  });

  it("may leave `subs` out", () => {
    expect(read({ t: "auth", id: 1, v: 1 })).toMatchObject({ type: "message", message: { subs: [] } });
  });

  it("drops fields it does not know", () => {
    expect(read({ t: "unsub", id: 3, topic: "t", extra: 1 })).toEqual({
      type: "message",
      message: { t: "unsub", id: 3, topic: "t" },
    });
  });

  it.each(["", "nope", "[]", "null", "1", "{}", '{"t":1}'])("is malformed: %j", (text) => {
    expect(readClientFrame(text).type).toBe("malformed");
  });

  it.each([
    [{ t: "sub" }, "id"],
    [{ t: "sub", id: -1, topic: "t" }, "id"],
    [{ t: "sub", id: 1.5, topic: "t" }, "id"],
    [{ t: "dance", id: 1 }, "t"],
    [{ t: "auth", id: 1 }, "v"],
    [{ t: "auth", id: 1, v: "1" }, "v"],
    [{ t: "auth", id: 1, v: 1, ticket: 5 }, "ticket"],
    [{ t: "auth", id: 1, v: 1, sdk: 5 }, "sdk"],
    [{ t: "auth", id: 1, v: 1, subs: {} }, "subs"],
    [{ t: "auth", id: 1, v: 1, subs: Array.from({ length: 33 }, () => ({ topic: "t" })) }, "subs"],
    [{ t: "auth", id: 1, v: 1, subs: [null] }, "topic"],
    [{ t: "sub", id: 1 }, "topic"],
    [{ t: "sub", id: 1, topic: "" }, "topic"],
    [{ t: "sub", id: 1, topic: "x".repeat(TOPIC_LENGTH_MAX + 1) }, "topic"],
    [{ t: "unsub", id: 1, topic: 7 }, "topic"],
    [{ t: "sub", id: 1, topic: "t", e: "e" }, "o"],
    [{ t: "sub", id: 1, topic: "t", o: 1 }, "e"],
    [{ t: "sub", id: 1, topic: "t", e: "e", o: -1 }, "o"],
    [{ t: "resync", id: 1, topic: "t", why: "boredom" }, "why"],
    [{ t: "resync", id: 1, topic: "t", why: "gap", dg: "x" }, "dg"],
  ])("is invalid and names the field: %j", (message, field) => {
    const frame = read(message);
    expect(frame.type).toBe("invalid");
    expect(frame).toMatchObject({ problem: expect.stringContaining(`\`${field}\``) });
  });

  it("never throws, whatever comes", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(["message", "invalid", "malformed"]).toContain(readClientFrame(text).type);
      }),
    );
  });
});
