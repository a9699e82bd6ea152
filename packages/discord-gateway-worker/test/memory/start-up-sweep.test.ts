import { VirtualClock } from "@guildwire/gateway/testing";
import { expect, it } from "vitest";
import { QUIET_MS, StartUpSweep } from "../../src/memory/start-up-sweep.ts";

function setUp(utilizations: readonly number[]) {
  const clock = new VirtualClock();
  const rest = [...utilizations];
  let sweeps = 0;
  const startUpSweep = new StartUpSweep({
    clock,
    utilization: () => ({ idle: 0, active: 0, utilization: rest.shift() ?? 0 }),
    sweep: () => {
      sweeps += 1;
    },
  });
  return { clock, startUpSweep, sweeps: () => sweeps };
}

it("sweeps once, in the first quiet second after something was delivered", () => {
  const { clock, startUpSweep, sweeps } = setUp([]);
  clock.advance(60_000);
  expect(sweeps()).toBe(0);
  startUpSweep.delivered();
  clock.advance(QUIET_MS - 1);
  startUpSweep.delivered();
  expect(sweeps()).toBe(0);
  clock.advance(1);
  expect(sweeps()).toBe(1);
  startUpSweep.delivered();
  clock.advance(60_000);
  expect(sweeps()).toBe(1);
});

it("leaves a busy worker alone", () => {
  // Asked when a second begins and when it ends.
  const { clock, startUpSweep, sweeps } = setUp([0, 0.9, 0, 0.21, 0, 0.2]);
  startUpSweep.delivered();
  clock.advance(2 * QUIET_MS);
  expect(sweeps()).toBe(0);
  clock.advance(QUIET_MS);
  expect(sweeps()).toBe(1);
});

it.each([0, 500])("sweeps nothing after the stop, whether a delivery came before it or after", (stopAtMs) => {
  const { clock, startUpSweep, sweeps } = setUp([]);
  if (stopAtMs > 0) startUpSweep.delivered();
  clock.advance(stopAtMs);
  startUpSweep.stop();
  startUpSweep.delivered();
  clock.advance(60_000);
  expect(sweeps()).toBe(0);
});
