/** `pnpm chaos`: worker, hub and a client's replica as real processes while everything around them fails, by a seed. */
import { parseArgs } from "node:util";
import { onEnd, say } from "@guildwire/demo";
import { BOUNDS, mebibytes } from "./bounds.ts";
import { type ChaosReport, chaosRun } from "./chaos-run.ts";
import type { Rig } from "./rig.ts";
import type { Fault } from "./schedule.ts";

const USAGE = `pnpm chaos [options]

  --seed N       what fails and when; the same seed, the same schedule   (any)
  --minutes M    how long things fail                                    (1)
  --rate X       world changes per second, on average                    (30)
  --sessions S   "kept" or "ended", instead of what the seed chooses
  --verbose      tell each fault as it happens, and what the processes logged last`;

const MINUTE_MS = 60_000;
const SEEDS = 2 ** 31;
const EXIT_BROKEN = 1;
const EXIT_USAGE = 78;

async function main(): Promise<void> {
  const { values } = parseArgs({
    args: process.argv.slice(2).filter((arg) => arg !== "--"),
    options: {
      seed: { type: "string" },
      minutes: { type: "string", default: "1" },
      rate: { type: "string", default: "30" },
      sessions: { type: "string" },
      verbose: { type: "boolean", short: "v", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const seed = Number(values.seed ?? Math.floor(Math.random() * SEEDS));
  const [minutes, rate] = [Number(values.minutes), Number(values.rate)];
  if (values.help || !Number.isInteger(seed) || !(minutes > 0) || !(rate > 0)) {
    say(USAGE);
    process.exitCode = values.help ? 0 : EXIT_USAGE;
    return;
  }
  let rig: Rig | undefined;
  onEnd((why) => {
    say(`${why}: given up`);
    void Promise.resolve(rig?.[Symbol.asyncDispose]()).finally(() => process.exit(EXIT_BROKEN));
  });
  say(`seed ${seed}, ${minutes} min, ${rate} changes/s`);
  const report = await chaosRun({
    seed,
    durationMs: minutes * MINUTE_MS,
    rate,
    resumable: values.sessions === undefined ? undefined : values.sessions === "kept",
    onRig: (made) => {
      rig = made;
    },
    onSchedule: ({ resumable, faults, kinds }, skipped) => {
      say(`sessions ${resumable ? "kept" : "ended"}; ${faults.length} faults of ${kinds.length} kinds`);
      if (skipped.length > 0)
        say(`skipped, because this machine lets no disk be mounted: ${skipped.join(", ")}`);
    },
    onFault: values.verbose ? tellFault : () => undefined,
  });
  tell(report, values.verbose);
  process.exit(report.findings.length === 0 ? 0 : EXIT_BROKEN);
}

function tellFault({ atMs, kind, forMs }: Fault): void {
  say(`${(atMs / 1_000).toFixed(1).padStart(7)} s  ${kind}${forMs > 0 ? ` for ${forMs} ms` : ""}`);
}

function tell(report: ChaosReport, verbose: boolean): void {
  say(
    `\nfaults     ${list(report.faults)}${report.faultsMissed > 0 ? `; ${report.faultsMissed} missed` : ""}`,
  );
  say(`deaths     ${list(report.deaths)}`);
  say(`Discord    ${report.dispatches} dispatches, ${report.lines} of them lines of the story`);
  say(
    `deliveries ${report.posts} (${list(report.statuses)}), ${report.answersLost} answers lost on their way`,
  );
  say(
    `hub        ${report.events} events committed, ${report.snapshots} of them snapshots; ${report.repeats} came again`,
  );
  say(
    `most       ${[...report.most].map(([name, bytes]) => `${name} ${mebibytes(bytes)} of ${mebibytes(BOUNDS[name])}`).join(", ")}`,
  );
  say(`true again ${report.settledAfterMs} ms after the faults`);
  for (const finding of report.findings) say(`BROKEN     ${finding}`);
  if (verbose && report.findings.length > 0) for (const line of report.output) say(line);
  say(`verdict    seed ${report.seed}: ${report.findings.length === 0 ? "all held" : "BROKEN"}`);
}

function list(counts: ReadonlyMap<string | number, number>): string {
  return [...counts].map(([name, count]) => `${name} ${count}`).join(", ") || "none";
}

await main();
