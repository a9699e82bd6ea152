/** Resident memory: at rest, and while many large guilds stream by. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { record } from "../intake/recording.ts";
import { Stand } from "../intake/stand-process.ts";
import { bundleSubjects } from "../intake/subject-process.ts";
import {
  BARE_COUNT,
  DISCORD_JS,
  DISCORD_JS_TRIMMED,
  DISCORDJS_WS,
  OURS,
  type Subject,
} from "../intake/subject-table.ts";
import type { Transport } from "../intake/sync-zlib.ts";
import { runTrial } from "../intake/trial.ts";
import { type Benchmark, benchmark, type Plan } from "../suite/benchmark.ts";
import { interleaved, type Spread, spreadOf } from "../suite/samples.ts";
import { ManyGuilds } from "./many-guilds.ts";
import { memorySection } from "./memory-section.ts";

export interface MemoryLoad {
  readonly guilds: number;
  readonly people: number;
  readonly frames: number;
  readonly transport: Transport;
}

export interface MemoryLine {
  readonly load: MemoryLoad;
  readonly subject: string;
  /** Bytes: before the burst, after it, and at most. */
  readonly arrived: Spread;
  readonly after: Spread;
  readonly peak: Spread;
}

export interface MemoryResult {
  readonly rounds: number;
  readonly lines: readonly MemoryLine[];
}

const SUBJECTS: readonly Subject[] = [OURS, BARE_COUNT, DISCORDJS_WS, DISCORD_JS, DISCORD_JS_TRIMMED];
const ROUNDS = { full: 3, quick: 1 };
/** Long enough for what a process puts off, and for its collector to come by once more. */
const SETTLE_MS = { full: 2_000, quick: 250 };

function loadsOf(quick: boolean): readonly MemoryLoad[] {
  const [none, zstd] = ["none", "zstd-stream"] as const;
  const idle: MemoryLoad = { guilds: 1, people: 20, frames: 100, transport: none };
  if (quick) {
    const stream = { people: 200, frames: 5_000 };
    return [idle, ...[2, 20].map((guilds): MemoryLoad => ({ ...stream, guilds, transport: none }))];
  }
  const stream = { people: 1_000, frames: 50_000 };
  return [
    idle,
    { ...idle, people: 1_000 },
    ...[10, 100, 1_000].map((guilds): MemoryLoad => ({ ...stream, guilds, transport: none })),
    // As the worker is by default, and nobody else can be without an addon.
    { ...stream, guilds: 1_000, transport: zstd },
  ];
}

const memory: Benchmark<MemoryResult> = {
  name: "memory",
  about: "resident memory at rest and while up to a thousand guilds stream by",
  run: runMemory,
  section: memorySection,
};
export const MEMORY = benchmark(memory);

export function nameOf({ guilds, people, transport }: MemoryLoad): string {
  const of = `${guilds.toLocaleString("en")} guild${guilds === 1 ? "" : "s"} of ${people.toLocaleString("en")}`;
  return transport === "none" ? of : `${of}, ${transport}`;
}

async function runMemory(plan: Plan): Promise<MemoryResult> {
  const { quick, picks, log, failed } = plan;
  const rounds = plan.rounds(quick ? ROUNDS.quick : ROUNDS.full);
  const settleMs = quick ? SETTLE_MS.quick : SETTLE_MS.full;
  const folder = mkdtempSync(join(tmpdir(), "guildwire-bench-memory-"));
  const lines: MemoryLine[] = [];
  try {
    await bundleSubjects();
    await using stand = await Stand.start();
    for (const load of loadsOf(quick)) {
      const { transport, frames } = load;
      const subjects = SUBJECTS.filter(
        ({ transports, name }) => transports.includes(transport) && picks(`${nameOf(load)}: ${name}`),
      );
      if (subjects.length === 0) continue;
      log(nameOf(load));
      const file = join(folder, "recording");
      const traffic = new ManyGuilds(load);
      const recording = record({ file, transport, traffic, frames, gatewayUrl: stand.gatewayUrl });
      const outcomes = await interleaved(
        subjects,
        rounds,
        async (subject) => {
          const sample = await runTrial(subject, recording, stand, settleMs);
          const [arrived, peak] = [sample.arrivedRssBytes, sample.peakRssBytes].map((bytes) =>
            Math.round(bytes / 2 ** 20),
          );
          log(`  ${subject.name.padEnd(28)} ${arrived} MiB, at most ${peak}`);
          return sample;
        },
        ({ name }, reason) => failed(`${nameOf(load)}, ${name}: ${reason}`),
      );
      for (const { subject, samples } of outcomes) {
        if (samples.length === 0) continue;
        lines.push({
          load,
          subject: subject.name,
          arrived: spreadOf(samples.map(({ arrivedRssBytes }) => arrivedRssBytes)),
          after: spreadOf(samples.map(({ rssBytes }) => rssBytes)),
          peak: spreadOf(samples.map(({ peakRssBytes }) => peakRssBytes)),
        });
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { rounds, lines };
}
