/**
 * What every process publishes of itself. The names are the ones that Prometheus' clients use, so that dashboards of
 * others fit; what they have no name for is ours. Open files are counted by looking into `/proc`, which only Linux has.
 */
import { readdirSync, readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { memoryFacts } from "../memory-watch.ts";
import type { Histogram } from "./histogram.ts";
import type { Metrics } from "./metrics.ts";

export interface BuildFacts {
  /** `worker` or `hub`. */
  readonly service: string;
  readonly version: string;
  /** `null` where nobody said it. */
  readonly commit: string | null;
}

/** Seconds. A loop at rest is late by about a millisecond; at one second browsers and Discord notice. */
const LOOP_DELAY_BOUNDS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export interface ProcessMetrics {
  /** How late the event loop was, observed by whoever turns its `LoopDelay`. */
  readonly loopDelaySeconds: Histogram;
}

export function publishProcess(metrics: Metrics, build: BuildFacts): ProcessMetrics {
  metrics.series(
    {
      name: "guildwire_build_info",
      type: "gauge",
      help: "Always 1; what runs is in the labels.",
      labels: ["service", "version", "commit", "node"],
    },
    () => [[[build.service, build.version, build.commit ?? "", process.version], 1]],
  );
  const startedAtS = Math.round(Date.now() - process.uptime() * 1_000) / 1_000;
  metrics.gauge("process_start_time_seconds", "When the process began, in Unix time.", () => startedAtS);
  metrics.count("process_cpu_seconds_total", "Processor time that the process has used.", () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  });
  metrics.gauge(
    "process_resident_memory_bytes",
    "Memory that the process takes.",
    () => memoryFacts().residentBytes,
  );
  metrics.gauge("nodejs_heap_size_used_bytes", "JavaScript heap in use.", () => memoryFacts().heapBytes);
  metrics.gauge(
    "guildwire_memory_limit_bytes",
    "Memory that the container may take; absent without a limit.",
    () => memoryFacts().limitBytes,
  );
  metrics.gauge("process_open_fds", "Open files and sockets; Linux only.", openFiles);
  const filesMax = openFilesMax();
  metrics.gauge("process_max_fds", "Files and sockets that it may have open; Linux only.", () => filesMax);
  metrics.count(
    "guildwire_event_loop_active_seconds_total",
    "Time that the event loop did not wait; its rate is how busy the process is, 1 at most.",
    () => performance.eventLoopUtilization().active / 1_000,
  );
  return {
    loopDelaySeconds: metrics.histogram(
      "guildwire_event_loop_delay_seconds",
      "How late the event loop was, asked once a second.",
      LOOP_DELAY_BOUNDS_S,
    ),
  };
}

function openFiles(): number | null {
  try {
    // One of them is the directory that is being read.
    return readdirSync("/proc/self/fd").length - 1;
  } catch {
    return null;
  }
}

function openFilesMax(): number | null {
  try {
    const limit = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1];
    return limit === undefined ? null : Number(limit);
  } catch {
    return null;
  }
}
