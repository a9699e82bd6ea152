/** The memory's part of RESULTS.md. */
import { BARE_COUNT, DISCORD_JS, OURS } from "../intake/subject-table.ts";
import { figure } from "../suite/report.ts";
import { quotient, type Spread } from "../suite/samples.ts";
import type { Section, Table, Wanted } from "../suite/section.ts";
import { type MemoryLine, type MemoryLoad, type MemoryResult, nameOf } from "./memory.ts";

const MIB = 2 ** 20;

/** What makes the difference. */
const REMARKS: readonly string[] = [
  "At rest the worker has SQLite, HTTP in both directions, validation and logging loaded, where a bare loop has `ws` alone, " +
    "and 9 MiB are the thread that watches its event loop (`LOOP_BLOCKED_S_MAX=0` does without): no thread of Node takes less. " +
    "Half of the rest are pages of Node's own program that a bare loop does not touch. Its own data are a few hundred " +
    "kilobytes. What the start leaves behind is collected once, in its first quiet second, which gives 4 MiB back.",
  "Behind large servers nothing of them is kept, and a thousand are as ten. What is resident beside the rest are dead " +
    "buffers: the worker has those collected after every 4 MiB that came, V8 by itself when some tens of MiB have gathered, " +
    "so that the figures of a bare loop jump.",
];

export function memorySection({ lines }: MemoryResult): Section {
  const loads = loadsOf(lines);
  return {
    title: "Memory",
    how:
      "Resident memory from /proc. A client connects, is told its guilds (GUILD_CREATE with all members), rests, and takes a " +
      "burst of the intake's mix over all of them; the first two loads have a burst of a hundred frames only. Nobody " +
      "asks for a collection: it is what an operator would see. `discord.js, caches trimmed` keeps channels, roles, guilds " +
      "and voice states alone.",
    tables: loads.map((load) => tableOf(lines, load)),
    wanted: wantedOf(lines, loads),
    remarks: REMARKS,
  };
}

function loadsOf(lines: readonly MemoryLine[]): readonly MemoryLoad[] {
  return [...new Map(lines.map(({ load }) => [nameOf(load), load])).values()];
}

function tableOf(lines: readonly MemoryLine[], load: MemoryLoad): Table {
  return {
    caption: nameOf(load),
    head: ["subject", "at rest, MiB", "after the burst, MiB", "at most, MiB"],
    rows: lines
      .filter((line) => nameOf(line.load) === nameOf(load))
      .map(({ subject, arrived, after, peak }) => [subject, ...[arrived, after, peak].map(spreadText)]),
  };
}

function spreadText({ median, min, max, count }: Spread): string {
  const mib = (bytes: number) => figure(bytes / MIB);
  return count === 1 ? mib(median) : `${mib(median)} (${mib(min)}–${mib(max)})`;
}

function wantedOf(lines: readonly MemoryLine[], loads: readonly MemoryLoad[]): readonly Wanted[] {
  const find = (load: MemoryLoad | undefined, { name }: { readonly name: string }): MemoryLine | undefined =>
    lines.find((line) => load !== undefined && nameOf(line.load) === nameOf(load) && line.subject === name);
  const ratio = (
    what: string,
    atMost: number,
    measure: (line: MemoryLine) => Spread,
    mine: MemoryLine | undefined,
    theirs: MemoryLine | undefined,
  ): Wanted => ({
    what,
    measured: quotient(mine && measure(mine).median, theirs && measure(theirs).median),
    atMost,
  });

  const streams = loads.filter(({ guilds, transport }) => guilds > 1 && transport === "none");
  const [few, many, idle] = [streams[0], streams.at(-1), loads.find(({ guilds }) => guilds === 1)];
  if (idle === undefined || few === undefined || many === undefined) return [];
  return [
    ratio(
      `resident after ${nameOf(many)} streamed by: ours against discord.js`,
      0.25,
      ({ after }) => after,
      find(many, OURS),
      find(many, DISCORD_JS),
    ),
    ...[idle, many].map((load) =>
      ratio(
        `resident with ${nameOf(load)}: ours against a bare ws loop`,
        1.4,
        ({ after }) => after,
        find(load, OURS),
        find(load, BARE_COUNT),
      ),
    ),
    ratio(
      `flat: ours after ${nameOf(many)} against after ${nameOf(few)}`,
      1.1,
      ({ after }) => after,
      find(many, OURS),
      find(few, OURS),
    ),
  ];
}
