import { TURN_MS_MAX } from "@guildwire/runtime";
import { createVirtualClock } from "@guildwire/runtime/testing";
import { expect, it } from "vitest";
import { createProcessSigns } from "../../src/health/process-signs.ts";
import { linesOf } from "../log-lines.ts";

const unheard = { observe() {} };

it("says once that memory runs short, and how late the event loop is", () => {
  const clock = createVirtualClock();
  const lines: string[] = [];
  let residentBytes = 95;
  let lateMs = 0;
  const signs = createProcessSigns({
    clock: { ...clock, monotonicMs: () => clock.monotonicMs() + lateMs },
    log: linesOf(lines, () => clock.wallMs()),
    loopDelaySeconds: unheard,
    readMemory: () => ({ residentBytes, heapBytes: 1, limitBytes: 100 }),
  });
  clock.advance(3_000);
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { level: "warn", event: "memory_high", errorCode: "E008", residentBytes: 95, limitBytes: 100 },
  ]);
  residentBytes = 50;
  lateMs = 700;
  clock.advance(1_000);
  expect(signs.loop()).toEqual({ delayMs: 700, delayMsMax: 700 });
  clock.advance(1_000);
  expect(signs.loop()).toEqual({ delayMs: 0, delayMsMax: 700 });
  signs.close();
});

it("tells once a second how late the loop is, until it is closed", () => {
  const clock = createVirtualClock();
  const delays: number[] = [];
  let lateMs = 0;
  const signs = createProcessSigns({
    clock: { ...clock, monotonicMs: () => clock.monotonicMs() + lateMs },
    log: linesOf([], () => clock.wallMs()),
    loopDelaySeconds: { observe: (delay) => void delays.push(delay) },
  });
  clock.advance(2_000);
  expect(delays).toEqual([0, 0]);
  lateMs = 700;
  clock.advance(1_000);
  expect(delays).toEqual([0, 0, 0.7]);
  signs.close();
  clock.advance(5_000);
  expect(delays).toHaveLength(3);
});

it("says so when timers do not fire", () => {
  const clock = createVirtualClock();
  let nowMs = 0;
  const signs = createProcessSigns({
    clock: { ...clock, monotonicMs: () => nowMs },
    log: linesOf([], () => 0),
    loopDelaySeconds: unheard,
  });
  nowMs = TURN_MS_MAX;
  expect(signs.stuck()).toBeNull();
  nowMs += 1;
  expect(signs.stuck()).toBe("timers do not fire");
  clock.advance(1_000);
  expect(signs.stuck()).toBeNull();
  signs.close();
});
