/** More and more events wait for a hub that is away. */
import { drainOf } from "../../delivery/drain.ts";
import type { Costs, GrowthAxis } from "../axis.ts";

export const BACKLOG_AXIS: GrowthAxis = {
  name: "backlog",
  label: "events that wait",
  how: "kept by the worker while its hub is away, and drained when it is back; see _A backlog_.",
  inputs: [10_000, 100_000, 1_000_000],
  quickInputs: [1_000, 10_000],
  costs: [
    { name: "keep", label: "worker, to keep one, µs" },
    { name: "start", label: "worker's start with all of it, ms" },
    { name: "drain", label: "worker, to deliver one, µs" },
    { name: "rss", label: "worker's peak, MiB" },
  ],
  async measure(events): Promise<Costs> {
    const drain = await drainOf(0, events);
    return {
      keep: drain.fillMicrosPerEvent,
      start: drain.restartMs,
      drain: drain.workerMicrosPerEvent,
      rss: drain.workerPeakMiB,
    };
  },
};
