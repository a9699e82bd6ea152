/** One backlog, from its first event to its last acknowledgement. */
import { pour } from "./flow.ts";
import { ORDINARY, OURS, Stage } from "./subject.ts";

const LOOK_EVERY_MS = 500;
const DRAIN_MS_MAX = 900_000;
const MIB = 1_048_576;

/** Seconds since the drain began, and MiB. */
export type MemoryPoint = readonly [x: number, y: number];

export interface Drain {
  readonly roundTripMs: number;
  readonly events: number;
  readonly fillMicrosPerEvent: number;
  /** From starting the worker anew to its first answer, with all of it on disk. */
  readonly restartMs: number;
  readonly drainS: number;
  readonly workerMicrosPerEvent: number;
  readonly hubMicrosPerEvent: number;
  /** While it drained: seconds, MiB. */
  readonly workerRss: readonly MemoryPoint[];
  readonly hubRss: readonly MemoryPoint[];
  readonly workerPeakMiB: number;
  readonly hubPeakMiB: number;
}

export async function drainOf(roundTripMs: number, events: number): Promise<Drain> {
  // The ordinary bounds would make one snapshot of it, which is what they are for.
  const workerEnv = {
    OUTBOX_ROWS_MAX: String(events * 2),
    OUTBOX_BYTES_MAX: String(events * 2_000),
    RECONNECT_ATTEMPTS_MAX: "unlimited",
  };
  await using stage = await Stage.set(OURS, { ...ORDINARY, roundTripMs, workerEnv });
  stage.link.shut();
  const emptyCpuMs = stage.sender.cpuMs();
  await pour(stage, events);
  await stage.waiting(events, DRAIN_MS_MAX);
  const fillMicrosPerEvent = ((stage.sender.cpuMs() - emptyCpuMs) / events) * 1_000;
  const restartMs = await stage.restartWorker();

  const cpu = () => ({ worker: stage.sender.cpuMs(), hub: stage.receiver.cpuMs() });
  const before = cpu();
  const startedAtMs = performance.now();
  const workerRss: MemoryPoint[] = [];
  const hubRss: MemoryPoint[] = [];
  const look = (): void => {
    const atS = (performance.now() - startedAtMs) / 1_000;
    workerRss.push([atS, stage.sender.rssBytes() / MIB]);
    hubRss.push([atS, stage.receiver.rssBytes() / MIB]);
  };
  look();
  const looking = setInterval(look, LOOK_EVERY_MS);
  stage.link.reopen();
  try {
    await stage.reached(events, DRAIN_MS_MAX);
  } finally {
    clearInterval(looking);
  }
  look();
  const after = cpu();
  return {
    roundTripMs,
    events,
    fillMicrosPerEvent,
    restartMs,
    drainS: (performance.now() - startedAtMs) / 1_000,
    workerMicrosPerEvent: ((after.worker - before.worker) / events) * 1_000,
    hubMicrosPerEvent: ((after.hub - before.hub) / events) * 1_000,
    workerRss,
    hubRss,
    workerPeakMiB: stage.sender.peakRssBytes() / MIB,
    hubPeakMiB: stage.receiver.peakRssBytes() / MIB,
  };
}
