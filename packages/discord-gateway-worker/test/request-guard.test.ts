import { beforeEach, describe, expect, it } from "vitest";
import { BLAMED_WITHIN_MS, RequestGuard } from "../src/request-guard.ts";

let guard: RequestGuard<"ask" | "other">;

beforeEach(() => {
  guard = new RequestGuard();
});

describe("a request to the Gateway", () => {
  it("is given up at the second loss in a row that followed it", () => {
    guard.sent("ask", 0);
    expect(guard.lost(null, BLAMED_WITHIN_MS)).toEqual([]);
    expect(guard.maySend("ask")).toBe(true);
    guard.sent("ask", 50_000);
    expect(guard.lost(1006, 50_001)).toEqual([{ kind: "ask", why: "losses" }]);
    expect(guard.maySend("ask")).toBe(false);
    expect(guard.maySend("other")).toBe(true);
  });

  it("is given up at once when Discord does not know its opcode", () => {
    guard.sent("ask", 0);
    expect(guard.lost(4001, 1)).toEqual([{ kind: "ask", why: "unknown_opcode" }]);
    expect(guard.maySend("ask")).toBe(false);
  });

  it("is not blamed for a loss after its answer, and an answer clears an earlier loss", () => {
    guard.sent("ask", 0);
    guard.lost(null, 1);
    guard.sent("ask", 10);
    guard.answered("ask");
    expect(guard.lost(null, 11)).toEqual([]);
    guard.sent("ask", 20);
    expect(guard.lost(null, 21)).toEqual([]);
    expect(guard.maySend("ask")).toBe(true);
  });

  it("is not blamed for a loss long after it, nor when it was not sent", () => {
    for (let round = 0; round < 3; round += 1) {
      guard.sent("ask", 0);
      expect(guard.lost(null, BLAMED_WITHIN_MS + 1)).toEqual([]);
      guard.sent("ask", 0);
      guard.notSent("ask");
      expect(guard.lost(null, 1)).toEqual([]);
    }
    expect(guard.maySend("ask")).toBe(true);
  });

  it("is blamed once for its own connection, and not for the next ones", () => {
    guard.sent("ask", 0);
    guard.lost(null, 1);
    expect(guard.lost(null, 2)).toEqual([]);
    expect(guard.maySend("ask")).toBe(true);
  });
});
