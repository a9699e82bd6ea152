/** The short form of `pnpm chaos`: one seed with kept sessions, in which both are killed, the hub is frozen and answers are lost. The long form takes minutes; docs/reliability.md has it. */
import { describe, expect, it } from "vitest";
import { chaosRun } from "../src/chaos-run.ts";

const SEED = 1145;

describe("worker, hub and replica, killed and cut off by a schedule", () => {
  it("commit every event of kept sessions exactly once, in order, and become true again", async () => {
    const report = await chaosRun({ seed: SEED, durationMs: 7_000, rate: 40, resumable: true });
    expect(report.findings, `seed ${SEED}\n${report.output.join("\n")}`).toEqual([]);
    expect(report.lines).toBeGreaterThan(100);
  });
});
