import { createVirtualClock } from "@guildwire/runtime/testing";
import { expect, it } from "vitest";
import { watchLimits } from "../../src/access/limit-watch.ts";
import { linesOf } from "../log-lines.ts";

it("tells of a limit at once, and then once a minute how many were refused", () => {
  const clock = createVirtualClock();
  const lines: string[] = [];
  const watch = watchLimits(
    linesOf(lines, () => clock.wallMs()),
    clock,
  );
  for (let second = 0; second < 120; second++) {
    watch.refused("address");
    clock.advance(1_000);
  }
  watch.refused("process");
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { level: "warn", event: "connection_limit", errorCode: "E010", limit: "address", refused: 1 },
    { event: "connection_limit", limit: "address", refused: 60 },
    { event: "connection_limit", limit: "process", refused: 1 },
  ]);
});

it("reports a limit again after a minute, also when the clock was set back by an hour", () => {
  const clock = createVirtualClock();
  const lines: string[] = [];
  const watch = watchLimits(
    linesOf(lines, () => clock.wallMs()),
    clock,
  );
  watch.refused("address");
  clock.stepWall(-3_600_000);
  clock.advance(60_000);
  watch.refused("address");
  expect(lines).toHaveLength(2);
});
