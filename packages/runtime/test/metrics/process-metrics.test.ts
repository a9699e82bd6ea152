import { platform } from "node:process";
import { describe, expect, it } from "vitest";
import { Metrics } from "../../src/metrics/metrics.ts";
import { publishProcess } from "../../src/metrics/process-metrics.ts";
import { readExposition } from "../../src/testing/exposition.ts";

describe("a process", () => {
  const metrics = new Metrics();
  publishProcess(metrics, { service: "hub", version: "1.2.3", commit: null });
  const families = readExposition(metrics.render());
  const value = (name: string): number => families.get(name)?.samples[0]?.value ?? Number.NaN;

  it("says what it is", () => {
    const [sample] = families.get("guildwire_build_info")?.samples ?? [];
    expect(Object.fromEntries(sample?.labels ?? [])).toEqual({
      service: "hub",
      version: "1.2.3",
      commit: "",
      node: process.version,
    });
  });

  it("says since when it runs, and what it has used", () => {
    expect(
      Math.abs(Date.now() / 1_000 - process.uptime() - value("process_start_time_seconds")),
    ).toBeLessThan(1);
    expect(value("process_cpu_seconds_total")).toBeGreaterThan(0.01);
    expect(value("process_cpu_seconds_total")).toBeLessThan(3_600);
    expect(value("process_resident_memory_bytes")).toBeGreaterThan(value("nodejs_heap_size_used_bytes"));
    expect(value("guildwire_event_loop_active_seconds_total")).toBeLessThan(process.uptime());
  });

  it.runIf(platform === "linux")("says how many files it has open, and may have", () => {
    expect(value("process_open_fds")).toBeGreaterThan(2);
    expect(value("process_max_fds")).toBeGreaterThan(value("process_open_fds"));
  });
});
