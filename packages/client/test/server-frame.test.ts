import { describe, expect, it } from "vitest";
import { readServerFrame } from "../src/server-frame.ts";

describe("a frame", () => {
  it("is one message or several in order", () => {
    expect(readServerFrame('{"t":"ping"}')).toEqual([{ t: "ping" }]);
    expect(readServerFrame('[{"t":"ping"},{"t":"tick","topic":"a","o":1,"dg":2}]')).toMatchObject([
      { t: "ping" },
      { t: "tick", o: 1 },
    ]);
  });

  it("may hold messages of a kind that is not known yet, which are passed over", () => {
    expect(readServerFrame('[{"t":"confetti"},{"t":"ping"}]')).toEqual([{ t: "ping" }]);
  });

  it.each([
    "",
    "hello",
    "3",
    "null",
    "[1]",
    "{}",
    '{"t":"tick"}',
    '{"t":"d","topic":"a","f":1,"o":2,"at":0,"ops":null}',
  ])("that reads %j is not hub/1", (text) => {
    expect(readServerFrame(text)).toBeUndefined();
  });
});
