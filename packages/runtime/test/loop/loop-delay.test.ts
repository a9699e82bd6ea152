import { expect, it } from "vitest";
import { LoopDelay } from "../../src/loop/loop-delay.ts";

it("tells how late the last turn was, and the latest of a minute", () => {
  const loop = new LoopDelay(0);
  expect([loop.delayMs, loop.delayMsMax]).toEqual([0, 0]);
  loop.noteTurn(1_500, 1_000);
  loop.noteTurn(2_400, 1_000);
  expect([loop.delayMs, loop.delayMsMax, loop.lastTurnAtMs]).toEqual([0, 500, 2_400]);
  for (let turn = 1; turn <= 60; turn += 1) loop.noteTurn(2_400 + turn * 1_000, 1_000);
  expect(loop.delayMsMax).toBe(0);
});
