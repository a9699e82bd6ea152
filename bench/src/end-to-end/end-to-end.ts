/** From Discord's frame to the page: how late, where the time goes, and how much can be borne. */
import { benchmark } from "../suite/benchmark.ts";
import { figure } from "../suite/report.ts";
import { quantile, type Spread, spreadOf } from "../suite/samples.ts";
import type { Section, Table } from "../suite/section.ts";
import { Chain, type Hops } from "./journey.ts";

const RATES = [10, 100, 1_000] as const;
/** Tried one after the other, until two in a row are too late. */
const LADDER = [200, 500, 1_000, 2_000, 3_000, 4_000, 6_000, 8_000, 12_000] as const;
const LATE_MS_MAX = 50;
const RATE_WANTED = 1_000;
const HOP_REST_MS = 60;

interface AtRate {
  readonly eventsPerS: number;
  readonly seen: number;
  readonly written: number;
  readonly framesPerS: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly workerMicrosPerEvent: number;
  readonly hubMicrosPerEvent: number;
}

interface Round {
  readonly hops: Hops;
  readonly rates: readonly AtRate[];
  /** 0 when not even the lowest rate of the ladder was held. */
  readonly heldEventsPerS: number;
}

export interface EndToEndResult {
  readonly rounds: readonly Round[];
}

export const END_TO_END = benchmark<EndToEndResult>({
  name: "end-to-end",
  about: "from Discord's frame to the page: how late, hop by hop, and up to which rate",
  async run({ quick, log, rounds: roundsOf }) {
    const rounds: Round[] = [];
    for (let round = 0; round < roundsOf(quick ? 1 : 3); round += 1) {
      await using chain = await Chain.set();
      log(`round ${round + 1}: hop by hop`);
      await chain.hops(20, HOP_REST_MS);
      const hops = mediansOf(await chain.hops(quick ? 20 : 200, HOP_REST_MS));
      const at = async (eventsPerS: number, forMs: number): Promise<AtRate> => {
        log(`round ${round + 1}: ${figure(eventsPerS)} events a second`);
        return await atRate(chain, eventsPerS, forMs);
      };
      const rates: AtRate[] = [];
      for (const rate of RATES) rates.push(await at(rate, quick ? 2_000 : rate < 100 ? 30_000 : 10_000));
      rounds.push({ hops, rates, heldEventsPerS: await largestHeld(at, quick ? 1_000 : 5_000) });
    }
    return { rounds };
  },
  section,
});

async function atRate(chain: Chain, eventsPerS: number, forMs: number): Promise<AtRate> {
  const { lateMs, written, frames, workerMicrosPerEvent, hubMicrosPerEvent } = await chain.atRate(
    eventsPerS,
    forMs,
  );
  return {
    eventsPerS,
    written,
    seen: lateMs.length,
    framesPerS: (frames / forMs) * 1_000,
    p50Ms: quantile(lateMs, 0.5),
    p99Ms: quantile(lateMs, 0.99),
    workerMicrosPerEvent,
    hubMicrosPerEvent,
  };
}

async function largestHeld(
  at: (eventsPerS: number, forMs: number) => Promise<AtRate>,
  forMs: number,
): Promise<number> {
  let held = 0;
  let missed = 0;
  for (const rate of LADDER) {
    const { p99Ms, seen, written } = await at(rate, forMs);
    if (seen === written && p99Ms < LATE_MS_MAX) {
      held = rate;
      missed = 0;
    } else missed += 1;
    if (missed === 2) break;
  }
  return held;
}

function mediansOf(hops: readonly Hops[]): Hops {
  const median = (of: keyof Hops): number =>
    quantile(
      hops.map((hop) => hop[of]),
      0.5,
    );
  return { toPost: median("toPost"), toAck: median("toAck"), toPage: median("toPage") };
}

function section({ rounds }: EndToEndResult): Section {
  const held = spreadOf(rounds.map(({ heldEventsPerS }) => heldEventsPerS));
  return {
    title: "End to end",
    how:
      "The built worker follows a server with 2,000 people in 20 rooms, the built hub commits what it is sent, and the " +
      "client of `packages/client`, in a process of its own, follows the hub over WebSocket. Both stores are SQLite with " +
      "`synchronous=FULL`. Voice frames are written to the worker at an even rate; a frame has arrived when the client's " +
      "store has it and has told its listeners. Every change counts, also those that share a frame; those that come by a " +
      "snapshot, after more than 500 at once, count as not arrived. Between worker and " +
      "hub is the relay of _Outbox and delivery_, without delay, which tells when a POST and its answer pass.",
    tables: [hopTable(rounds), rateTable(rounds)],
    wanted: [
      {
        what: `p99 from Discord's frame to the page at ${figure(RATE_WANTED)} events a second`,
        measured: spreadOf(rounds.map((round) => p99At(round, RATE_WANTED))).median,
        atMost: LATE_MS_MAX,
        unit: "ms",
      },
    ],
    remarks: [
      `The largest rate of ${LADDER.map(figure).join(", ")} a second at which every change arrived and p99 stayed under ` +
        `${LATE_MS_MAX} ms: **${spreadText(held)}**.`,
      "A change after a quiet moment leaves the hub at once. What follows within the window is gathered, so that a topic " +
        "makes a bounded number of frames a second whatever happens: under a steady flow that window is nearly all of the " +
        "time that the table shows, and not work.",
    ],
  };
}

function p99At({ rates }: Round, rate: number): number {
  return rates.find(({ eventsPerS }) => eventsPerS === rate)?.p99Ms ?? Number.POSITIVE_INFINITY;
}

function hopTable(rounds: readonly Round[]): Table {
  const over = (of: keyof Hops): string => spreadText(spreadOf(rounds.map(({ hops }) => hops[of])));
  return {
    caption: "Where the time of one change goes, alone on its way",
    head: ["from", "to", "median, ms"],
    rows: [
      ["Discord's frame", "POST: read, applied, stored with fsync, signed", over("toPost")],
      ["POST", "acknowledged: verified, stored with fsync, answered", over("toAck")],
      ["POST", "in the page's store: verified, stored with fsync, broadcast, applied", over("toPage")],
    ],
  };
}

function rateTable(rounds: readonly Round[]): Table {
  return {
    caption: "At an even rate",
    head: [
      "events a second",
      "p50, ms",
      "p99, ms",
      "arrived",
      "frames a second to the browser",
      "worker's CPU per event, µs",
      "hub's CPU per event, µs",
    ],
    rows: RATES.map((rate) => {
      const all = rounds.flatMap(({ rates }) => rates.filter(({ eventsPerS }) => eventsPerS === rate));
      const over = (of: keyof AtRate): Spread => spreadOf(all.map((one) => one[of]));
      const [seen, written] = [over("seen").median, over("written").median];
      return [
        figure(rate),
        spreadText(over("p50Ms")),
        spreadText(over("p99Ms")),
        `${figure((seen / written) * 100)} %`,
        figure(over("framesPerS").median),
        figure(over("workerMicrosPerEvent").median),
        figure(over("hubMicrosPerEvent").median),
      ];
    }),
  };
}

function spreadText({ median, min, max }: Spread): string {
  return `${figure(median)} (${figure(min)}–${figure(max)})`;
}
