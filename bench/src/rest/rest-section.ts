/** The section of RESULTS.md on REST calls: pure. */
import { figure } from "../suite/report.ts";
import { quotient, type Spread } from "../suite/samples.ts";
import type { Section, Wanted } from "../suite/section.ts";
import type { CallerName } from "./caller-message.ts";
import type { RestFigure, RestLine, RestResult } from "./rest.ts";

const OURS: CallerName = "ours";
const SLOWER_AT_MOST = 1.05;
/** A turn of the global limit is 20 ms. */
const PROBE_MS_AT_MOST = 100;

export function restSection({ channels, messages, burstCalls, lines }: RestResult): Section {
  return {
    title: "REST calls",
    how:
      `A client alone on its core, the simulator on the other, with Discord's limits: 50 calls a second over all, 5 messages ` +
      `in 5 s per channel, 50 reads a second per route. _Many channels_: ${figure(messages)} messages to ${channels} channels, ` +
      `all asked for at once. _A burst_: ${figure(burstCalls)} reads of one member at once; meanwhile, every 230 ms, a read ` +
      "of a channel, which has a limit of its own, and is timed. _No answer_: four messages to one channel, of which the first " +
      "is carried out and never answered; timed is the first of the others to be through. 429s are counted at the simulator; a " +
      "channel is out of order when its messages are not all there, once, and in the order in which they were asked for.",
    tables: [
      {
        caption: "Many channels",
        head: ["client", "time, s", "429s", "channels out of order", "calls that failed", "CPU µs per call"],
        rows: lines.map((line) =>
          row(line, ["spreadMs", "spreadTooMany", "spreadOutOfOrder", "spreadFailed", "spreadCpuMs"], {
            spreadMs: 1 / 1_000,
            spreadCpuMs: 1_000 / messages,
          }),
        ),
      },
      {
        caption: "A burst on one route, and an answer that never comes",
        head: [
          "client",
          "burst, s",
          "429s",
          "other route p50, ms",
          "at most, ms",
          "no answer: next through after, s",
          "sent twice",
        ],
        rows: lines.map((line) =>
          row(line, ["burstMs", "burstTooMany", "probeP50Ms", "probeMostMs", "silenceMs", "silenceDoubled"], {
            burstMs: 1 / 1_000,
            silenceMs: 1 / 1_000,
          }),
        ),
      },
    ],
    wanted: wantedOf(lines),
  };
}

function row(
  { caller, spreads }: RestLine,
  figures: readonly RestFigure[],
  units: Partial<Record<RestFigure, number>>,
): readonly string[] {
  const name = caller === OURS ? "**ours**" : caller;
  if (spreads === null) return [name, "failed", ...figures.slice(1).map(() => "")];
  return [name, ...figures.map((one) => spreadText(spreads[one], units[one] ?? 1))];
}

function spreadText({ median, min, max }: Spread, unit: number): string {
  const text = figure(median * unit);
  return min === max ? text : `${text} (${figure(min * unit)}–${figure(max * unit)})`;
}

function wantedOf(lines: readonly RestLine[]): readonly Wanted[] {
  const ours = lines.find(({ caller }) => caller === OURS)?.spreads;
  const fastest = (one: RestFigure): number | undefined => {
    const medians = lines.flatMap(({ caller, spreads }) =>
      caller === OURS || spreads === null || spreads.spreadFailed.median > 0 ? [] : [spreads[one].median],
    );
    return medians.length === 0 ? undefined : Math.min(...medians);
  };
  const most = (one: RestFigure) => ours?.[one].max;
  return [
    { what: "429s, all rounds: many channels", measured: most("spreadTooMany"), atMost: 0, unit: "" },
    { what: "429s, all rounds: a burst on one route", measured: most("burstTooMany"), atMost: 0, unit: "" },
    { what: "channels out of order", measured: most("spreadOutOfOrder"), atMost: 0, unit: "" },
    {
      what: "time for many channels, against the fastest",
      measured: quotient(ours?.spreadMs.median, fastest("spreadMs")),
      atMost: SLOWER_AT_MOST,
    },
    {
      what: "time for a burst, against the fastest",
      measured: quotient(ours?.burstMs.median, fastest("burstMs")),
      atMost: SLOWER_AT_MOST,
    },
    {
      what: "another route during a burst, at most",
      measured: most("probeMostMs"),
      atMost: PROBE_MS_AT_MOST,
      unit: "ms",
    },
    {
      what: "messages sent twice after an answer that never came",
      measured: most("silenceDoubled"),
      atMost: 0,
      unit: "",
    },
  ];
}
