/** Gateway intake: what a frame costs, in our worker and in others. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Benchmark, benchmark, type Plan } from "../suite/benchmark.ts";
import { interleaved, type Spread, spreadOf } from "../suite/samples.ts";
import { intakeSection } from "./intake-section.ts";
import { LOADS, type LoadName } from "./load.ts";
import { type Recording, record } from "./recording.ts";
import { Stand } from "./stand-process.ts";
import { bundleSubjects } from "./subject-process.ts";
import {
  BARE_COUNT,
  BARE_PARSE,
  BARE_SCAN,
  DISCORDJS_WS,
  OURS,
  OURS_BEFORE_STORE,
  SUBJECTS,
  type Subject,
} from "./subject-table.ts";
import { Traffic } from "./traffic.ts";
import { type IntakeSample, runTrial } from "./trial.ts";

export interface IntakeLine {
  readonly load: LoadName;
  readonly subject: string;
  readonly cpuUsPerFrame: Spread;
  readonly framesPerSecond: Spread;
  readonly rssBytes: Spread;
  readonly peakRssBytes: Spread;
  /** Made of the burst; one count, unless something went wrong. Empty where nobody makes events. */
  readonly events: readonly number[];
}

export interface IntakeResult {
  readonly frames: number;
  readonly rounds: number;
  /** Of the bursts, as JSON and as they were sent. */
  readonly plainBytes: Readonly<Partial<Record<LoadName, number>>>;
  readonly wireBytes: Readonly<Partial<Record<LoadName, number>>>;
  readonly lines: readonly IntakeLine[];
}

const FRAMES = { full: 300_000, quick: 20_000 };
const ROUNDS = { full: 5, quick: 1 };

/** With all frames ours only those take part that it makes a difference to, and what they are held against. */
const OF_OURS: readonly Subject[] = [
  OURS,
  OURS_BEFORE_STORE,
  BARE_COUNT,
  BARE_SCAN,
  BARE_PARSE,
  DISCORDJS_WS,
];

interface Cell {
  readonly load: LoadName;
  readonly subject: Subject;
}

function cellsOf(load: LoadName): readonly Cell[] {
  const { transport } = LOADS[load];
  const taking = load === "ours" || load === "voice" ? OF_OURS : SUBJECTS;
  return taking
    .filter(({ transports }) => transports.includes(transport))
    .map((subject) => ({ load, subject }));
}

const intake: Benchmark<IntakeResult> = {
  name: "intake",
  about: "CPU, rate and memory per Gateway frame, beside other clients and bare loops",
  run: runIntake,
  section: intakeSection,
};
export const INTAKE = benchmark(intake);

async function runIntake(plan: Plan): Promise<IntakeResult> {
  const { quick, picks, log, failed } = plan;
  const frames = quick ? FRAMES.quick : FRAMES.full;
  const rounds = plan.rounds(quick ? ROUNDS.quick : ROUNDS.full);
  const folder = mkdtempSync(join(tmpdir(), "guildwire-bench-intake-"));
  try {
    await bundleSubjects();
    await using stand = await Stand.start();
    const recordings = new Map<LoadName, Recording>();
    const lines: IntakeLine[] = [];
    for (const name of Object.keys(LOADS) as LoadName[]) {
      const { traffic, transport, caption } = LOADS[name];
      const cells = cellsOf(name).filter(({ subject }) => picks(`${name}: ${subject.name}`));
      if (cells.length === 0) continue;
      const file = join(folder, name);
      const source = new Traffic(traffic);
      const recording = record({ file, transport, traffic: source, frames, gatewayUrl: stand.gatewayUrl });
      recordings.set(name, recording);
      log(caption);
      const outcomes = await interleaved(
        cells,
        rounds,
        async ({ subject }) => {
          const sample = await runTrial(subject, recording, stand);
          log(`  ${subject.name.padEnd(24)} ${sample.cpuUsPerFrame.toFixed(2)} µs/frame`);
          return sample;
        },
        ({ subject }, reason) => failed(`${caption}, ${subject.name}: ${reason}`),
      );
      const linesOfLoad = outcomes.flatMap(({ subject: cell, samples }) =>
        samples.length === 0 ? [] : [lineOf(cell, samples)],
      );
      lines.push(...linesOfLoad);
      const disagreement = disagreementOf(linesOfLoad);
      if (disagreement !== undefined) failed(`${caption}: ${disagreement}`);
      rmSync(file);
    }
    const bytes = (of: (recording: Recording) => number) =>
      Object.fromEntries([...recordings].map(([name, one]) => [name, of(one)])) as Partial<
        Record<LoadName, number>
      >;
    return {
      frames,
      rounds,
      plainBytes: bytes(({ plainBytes }) => plainBytes),
      wireBytes: bytes(({ ends }) => ends.burst - ends.arrival),
      lines,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The same frames make the same events, with the store and without. */
function disagreementOf(lines: readonly IntakeLine[]): string | undefined {
  const making = lines.filter(({ events }) => events.length > 0);
  if (new Set(making.flatMap(({ events }) => events)).size < 2) return undefined;
  const told = making.map(({ subject, events }) => `${subject} ${events.join(" and ")}`);
  return `the same frames made different events (${told.join(", ")})`;
}

function lineOf({ load, subject }: Cell, samples: readonly IntakeSample[]): IntakeLine {
  return {
    load,
    subject: subject.name,
    cpuUsPerFrame: spreadOf(samples.map(({ cpuUsPerFrame }) => cpuUsPerFrame)),
    framesPerSecond: spreadOf(samples.map(({ framesPerSecond }) => framesPerSecond)),
    rssBytes: spreadOf(samples.map(({ rssBytes }) => rssBytes)),
    peakRssBytes: spreadOf(samples.map(({ peakRssBytes }) => peakRssBytes)),
    events: [...new Set(samples.flatMap(({ events }) => events ?? []))],
  };
}
