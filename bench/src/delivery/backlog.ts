/** A hub that was away for long: a backlog grows on the worker's disk, and drains when the hub is back. */
import { benchmark } from "../suite/benchmark.ts";
import { figure } from "../suite/report.ts";
import { spreadOf } from "../suite/samples.ts";
import type { Section } from "../suite/section.ts";
import type { MemoryPoint } from "./drain.ts";
import { type Drain, drainOf } from "./drain.ts";

const DISTANCES: readonly { readonly roundTripMs: number; readonly events: number }[] = [
  { roundTripMs: 0, events: 1_000_000 },
  { roundTripMs: 20, events: 250_000 },
];

export interface BacklogResult {
  readonly drains: readonly Drain[];
}

export const BACKLOG = benchmark<BacklogResult>({
  name: "backlog",
  about: "a million events wait on the worker's disk and drain, and the memory of it",
  async run({ quick, log }) {
    const drains: Drain[] = [];
    for (const { roundTripMs, events } of DISTANCES) {
      const some = quick ? events / 50 : events;
      log(`${some} events wait for a hub that is ${roundTripMs} ms away`);
      drains.push(await drainOf(roundTripMs, some));
      if (quick) break;
    }
    return { drains };
  },
  section,
});

/** A heap breathes; what grows with what has passed through grows by far more. */
const FLAT = 1.15;

/** The first quarter is how a young process comes to its size. */
function laterGrowth(rss: readonly MemoryPoint[]): number {
  const quarter = (index: number): readonly number[] =>
    rss
      .slice(Math.floor((rss.length * index) / 4), Math.ceil((rss.length * (index + 1)) / 4))
      .map(([, mib]) => mib);
  return spreadOf(quarter(3)).median / spreadOf(quarter(1)).median;
}

function section({ drains }: BacklogResult): Section {
  return {
    title: "A backlog",
    how:
      "The worker follows the same server while its hub is away, and writes what happens to its outbox, as always in one " +
      "transaction with its state. (The bounds that would replace such a backlog by a snapshot are raised for this.) It is " +
      "killed and started again with all of it on disk, and then the hub comes back. Memory is what both processes hold " +
      "while it drains, twice a second; the worker's is of a process that began with the backlog.",
    tables: [
      {
        head: [
          "hub away, ms",
          "events",
          "worker's CPU to keep one, µs",
          "worker's start with all of it, ms",
          "drained in, s",
          "events/s",
          "worker's CPU per event, µs",
          "hub's CPU per event, µs",
          "worker's peak, MiB",
          "hub's peak, MiB",
        ],
        rows: drains.map((drain) => [
          figure(drain.roundTripMs),
          figure(drain.events),
          figure(drain.fillMicrosPerEvent),
          figure(drain.restartMs),
          figure(drain.drainS),
          figure(drain.events / drain.drainS),
          figure(drain.workerMicrosPerEvent),
          figure(drain.hubMicrosPerEvent),
          figure(drain.workerPeakMiB),
          figure(drain.hubPeakMiB),
        ]),
      },
    ],
    wanted: drains.flatMap(({ roundTripMs, workerRss, hubRss }) => [
      {
        what: `worker's memory in the last quarter of the drain, against the second, hub ${roundTripMs} ms away`,
        measured: laterGrowth(workerRss),
        atMost: FLAT,
      },
      {
        what: `hub's memory in the last quarter of the drain, against the second, hub ${roundTripMs} ms away`,
        measured: laterGrowth(hubRss),
        atMost: FLAT,
      },
    ]),
  };
}
