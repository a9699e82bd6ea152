/** The intake's part of RESULTS.md. */
import { figure } from "../suite/report.ts";
import { quotient, type Spread } from "../suite/samples.ts";
import type { Section, Table, Wanted } from "../suite/section.ts";
import type { IntakeLine, IntakeResult } from "./intake.ts";
import { LOADS, type LoadName } from "./load.ts";
import {
  BARE_COUNT,
  BARE_PARSE,
  BARE_SCAN,
  DISCORD_JS,
  DISCORDJS_WS,
  OURS,
  OURS_BEFORE_STORE,
} from "./subject-table.ts";

const MIB = 2 ** 20;

export function intakeSection(result: IntakeResult): Section {
  const { frames, plainBytes, wireBytes } = result;
  const mb = (bytes = 0) => `${figure(bytes / 1e6)} MB`;
  return {
    title: "Gateway intake",
    how:
      `A stand-in on a core of its own plays ${frames.toLocaleString("en")} frames as bytes, as fast as the client ` +
      "takes them: presences 45 %, messages 25 %, voice states 12 %, typing 10 %, members 5 %, reactions 3 %, over 50 " +
      `servers of 90 people, in Discord's shapes and order of keys (${mb(plainBytes.plain)}; ${mb(wireBytes.zlib)} as ` +
      `zlib-stream, ${mb(wireBytes.zstd)} as zstd-stream). Each subject runs alone on the other core with nothing but ` +
      "the packages it is installed with (no addons); its CPU time (all threads) is taken from /proc from before the first " +
      "frame until a quarter of a second after the last. The whole worker is done when its hub has the event of the last " +
      "frame; the others tell when they have seen as many dispatches as were sent. Bare sockets inflate on the spot through a " +
      "private way into node:zlib: no JavaScript client can cost less. discord.js and Eris compress with an addon or not at " +
      "all. Before the store means the worker's own client and mapping with a commit that keeps nothing; the worker's outbox " +
      "is allowed more than by default, since at its bound it would give events up for a snapshot.",
    tables: (Object.keys(LOADS) as LoadName[]).flatMap((load) => tableOf(result, load) ?? []),
    wanted: wantedOf(result),
    remarks: bounds(result),
  };
}

/** What keeps the rows that miss from what was wanted. */
function bounds({ lines }: IntakeResult): readonly string[] {
  const inflating = medianOf(lines, "zlib", BARE_COUNT.name);
  const peer = medianOf(lines, "zlib", DISCORDJS_WS.name);
  const zlib =
    inflating === undefined || peer === undefined
      ? []
      : [
          `With zlib-stream, inflating is nearly all there is: a bare socket that inflates on the spot, counts and does ` +
            `nothing else takes ${figure(inflating)} µs a frame, ${figure(inflating / peer)} of @discordjs/ws. Less than ` +
            "that no client of Node can take; zstd-stream, our default, costs about half as much.",
        ];
  return [
    ...zlib,
    "When every frame is a voice state of ours, most make an event: beside the parse there are the members' names and " +
      "pictures to be read, the comparison with what is known, and the event. The whole worker also stores each event with " +
      "an fsync of the disk for each group of them, signs and delivers it, and hears that it arrived.",
  ];
}

function medianOf(lines: readonly IntakeLine[], load: LoadName, subject: string): number | undefined {
  return lines.find((line) => line.load === load && line.subject === subject)?.cpuUsPerFrame.median;
}

function tableOf({ lines }: IntakeResult, load: LoadName): Table | undefined {
  const own = lines.filter((line) => line.load === load);
  if (own.length === 0) return undefined;
  const parse = own.find(({ subject }) => subject === BARE_PARSE.name)?.cpuUsPerFrame.median;
  return {
    caption: LOADS[load].caption,
    head: [
      "subject",
      "CPU µs per frame",
      "× ws + JSON.parse",
      "frames/s",
      "RSS after, MiB",
      "RSS at most, MiB",
    ],
    rows: own.map((line) => [
      line.subject,
      spreadText(line.cpuUsPerFrame),
      parse === undefined ? "" : figure(line.cpuUsPerFrame.median / parse),
      figure(line.framesPerSecond.median),
      figure(line.rssBytes.median / MIB),
      figure(line.peakRssBytes.median / MIB),
    ]),
  };
}

function spreadText({ median, min, max, count }: Spread): string {
  return count === 1 ? figure(median) : `${figure(median)} (${figure(min)}–${figure(max)})`;
}

function wantedOf({ lines }: IntakeResult): readonly Wanted[] {
  const cpu = (load: LoadName, { name }: { readonly name: string }): number | undefined =>
    lines.find((line: IntakeLine) => line.load === load && line.subject === name)?.cpuUsPerFrame.median;
  const ratio = (
    load: LoadName,
    mine: { readonly name: string },
    theirs: { readonly name: string },
    atMost: number,
  ): Wanted => ({
    what: `CPU per frame, ${LOADS[load].caption.toLowerCase()}: ${mine.name} against ${theirs.name}`,
    measured: quotient(cpu(load, mine), cpu(load, theirs)),
    atMost,
  });
  return [
    ratio("plain", OURS, BARE_PARSE, 0.5),
    ratio("plain", OURS, BARE_SCAN, 1.3),
    ratio("plain", OURS, DISCORDJS_WS, 0.4),
    ratio("plain", OURS, DISCORD_JS, 0.08),
    ratio("zlib", OURS, DISCORDJS_WS, 0.1),
    ratio("ours", OURS_BEFORE_STORE, BARE_PARSE, 1.3),
    ratio("voice", OURS_BEFORE_STORE, BARE_PARSE, 1.3),
  ];
}
