/** From nothing to a client that has answered Hello, and what has to be on the disk for it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { record } from "../intake/recording.ts";
import { Stand } from "../intake/stand-process.ts";
import { bundleSubjects, startSubject, WORKER_MAIN } from "../intake/subject-process.ts";
import { BARE_COUNT, DISCORD_JS, DISCORDJS_WS, OURS, type Subject } from "../intake/subject-table.ts";
import { Traffic } from "../intake/traffic.ts";
import { type Benchmark, benchmark, type Plan } from "../suite/benchmark.ts";
import { figure } from "../suite/report.ts";
import { interleaved, type Spread, spreadOf } from "../suite/samples.ts";
import type { Section } from "../suite/section.ts";
import { bytesOf, installedBeside } from "./installed.ts";

interface StartLine {
  readonly subject: string;
  /** From the process' being started until its Identify was seen. */
  readonly wallMs: Spread;
  readonly cpuMs: Spread;
  readonly packages: number;
  readonly installedBytes: number;
}

export interface StartResult {
  readonly rounds: number;
  readonly lines: readonly StartLine[];
  /** Of the worker's own code, without source maps. */
  readonly bundleBytes: number;
  readonly workerPackages: readonly string[];
}

const ROUNDS = { full: 15, quick: 2 };
const START_MS_MAX = 20_000;
const BENCH = fileURLToPath(new URL("../../", import.meta.url));
const WORKER = dirname(dirname(WORKER_MAIN));

/** With the package of this root that each is made with; ours has its own list. */
const SUBJECTS: readonly (readonly [subject: Subject, made: string | null])[] = [
  [OURS, null],
  [BARE_COUNT, "ws"],
  [DISCORDJS_WS, "@discordjs/ws"],
  [DISCORD_JS, "discord.js"],
];

const start: Benchmark<StartResult> = {
  name: "start",
  about: "cold start to Identify, size of the bundle, packages of a production install",
  run: runStart,
  section: startSection,
};
export const START = benchmark(start);

async function runStart(plan: Plan): Promise<StartResult> {
  const { quick, log, failed } = plan;
  const rounds = plan.rounds(quick ? ROUNDS.quick : ROUNDS.full);
  const folder = mkdtempSync(join(tmpdir(), "guildwire-bench-start-"));
  try {
    await bundleSubjects();
    await using stand = await Stand.start();
    const traffic = new Traffic({ guilds: 1, people: 10, rooms: 4, oursShare: 1, mix: "life" });
    const recording = record({
      file: join(folder, "recording"),
      transport: "none",
      traffic,
      frames: 1,
      gatewayUrl: stand.gatewayUrl,
    });
    const outcomes = await interleaved(
      SUBJECTS,
      rounds,
      async ([subject]) => {
        await stand.load(recording);
        const identified = stand.next("identified", START_MS_MAX);
        const startedMs = Date.now();
        await using running = startSubject(subject, recording, stand);
        const { atMs } = await identified;
        return { wallMs: atMs - startedMs, cpuMs: running.process.cpuMs() };
      },
      ([{ name }], reason) => failed(`${name}: ${reason}`),
    );
    const lines = outcomes.flatMap(({ subject: [{ name }, made], samples }): readonly StartLine[] => {
      const { packages, bytes } = made === null ? installedBeside(WORKER) : installedBeside(BENCH, [made]);
      if (samples.length === 0) return [];
      const wallMs = spreadOf(samples.map((sample) => sample.wallMs));
      log(`${name.padEnd(20)} ${wallMs.median} ms, ${packages} packages`);
      const cpuMs = spreadOf(samples.map((sample) => sample.cpuMs));
      return [{ subject: name, wallMs, cpuMs, packages, installedBytes: bytes }];
    });
    return {
      rounds,
      lines,
      bundleBytes: bytesOf(dirname(WORKER_MAIN), (name) => name.endsWith(".js")),
      workerPackages: installedBeside(WORKER).names,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function startSection({ lines, bundleBytes, workerPackages, rounds }: StartResult): Section {
  const text = ({ median, min, max }: Spread) => `${figure(median)} (${figure(min)}–${figure(max)})`;
  return {
    title: "Start",
    how:
      `From the start of the process until the stand-in has its Identify, ${rounds} times each, the files warm in the ` +
      "system's cache: Node.js itself, the code, GET /gateway/bot where a client asks for it, the dial, Hello. The worker has " +
      "opened its database by then, and its health server. The others do nothing else; discord.js stands for the smallest " +
      "bot. Packages are those that an install for production brings, without the program itself, and all of their files.",
    tables: [
      {
        head: ["subject", "to Identify, ms", "CPU, ms", "packages", "installed, MB"],
        rows: lines.map(({ subject, wallMs, cpuMs, packages, installedBytes }) => [
          subject,
          text(wallMs),
          text(cpuMs),
          String(packages),
          figure(installedBytes / 1e6),
        ]),
      },
    ],
    wanted: [],
    remarks: [
      `The worker's own code is ${figure(bundleBytes / 1e3)} kB in its bundle. Beside it: ${workerPackages.join(", ")}.`,
    ],
  };
}
