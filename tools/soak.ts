/**
 * Plays seeded runs of the Gateway client against the simulator for as long as asked, and ends non-zero at the first
 * one in which a rule was broken.
 *
 *   node tools/soak.ts --minutes 10               fresh seeds, for ten minutes
 *   node tools/soak.ts --minutes 10 --seed 400    seeds 400, 401 …
 *   node tools/soak.ts --seed 400                 that seed alone; --steps and --without as a failure prints them
 */
import { parseArgs } from "node:util";
import { FAULT_NAMES, type FaultKind } from "../packages/gateway/test/model/fault-kinds.ts";
import { explain, type RunOptions, run, STEPS } from "../packages/gateway/test/model/model-run.ts";

const SEEDS = 2 ** 31;
const MINUTE_MS = 60_000;
const TELL_EVERY_MS = 10_000;
/** Long runs come on things that short ones do not, and take longer to understand. */
const STEPS_OF_SOAK = [10, STEPS, 60, 150] as const;

interface SoakArguments {
  readonly minutes: number | undefined;
  readonly seed: number | undefined;
  readonly steps: number | undefined;
  readonly without: readonly FaultKind[];
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function readArguments(): SoakArguments {
  const { values } = parseArgs({
    options: {
      minutes: { type: "string" },
      seed: { type: "string" },
      steps: { type: "string" },
      without: { type: "string", default: "" },
    },
  });
  const names = values.without.split(",").filter((name) => name !== "");
  const strangers = names.filter((name) => !isFaultKind(name));
  if (strangers.length > 0) throw new Error(`--without: there is no ${strangers.join(", ")}`);
  return {
    minutes: numberOf("minutes", values.minutes),
    seed: numberOf("seed", values.seed),
    steps: numberOf("steps", values.steps),
    without: names.filter(isFaultKind),
  };
}

function isFaultKind(name: string): name is FaultKind {
  return FAULT_NAMES.some((known) => known === name);
}

function numberOf(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (value.trim() === "" || !Number.isFinite(number) || number < 0) {
    throw new Error(`--${name} takes a number from 0, not ${JSON.stringify(value)}`);
  }
  return number;
}

class Tally {
  #runs = 0;
  #faults = 0;
  #dials = 0;
  #dispatches = 0;
  #virtualMs = 0;

  add(report: Awaited<ReturnType<typeof run>>): void {
    this.#runs += 1;
    this.#faults += report.faults;
    this.#dials += report.dials;
    this.#dispatches += report.dispatches;
    this.#virtualMs += report.virtualMs;
  }

  get line(): string {
    const hours = (this.#virtualMs / 3_600_000).toFixed(1);
    const mebibytes = (process.memoryUsage().rss / 1024 / 1024).toFixed(0);
    return [
      `${this.#runs} runs`,
      `${this.#faults} faults`,
      `${this.#dials} dials`,
      `${this.#dispatches} dispatches`,
      `${hours} h of virtual time`,
      `${mebibytes} MiB`,
    ].join(", ");
  }
}

/** `false` when a rule was broken. */
async function play(options: RunOptions, tally: Tally): Promise<boolean> {
  const report = await run(options);
  tally.add(report);
  if (report.failure === undefined) return true;
  say(`seed ${options.seed}: ${report.failure.message}; looking for a shorter way there`);
  say(await explain(options));
  return false;
}

async function soak({ minutes, seed, steps, without }: SoakArguments): Promise<boolean> {
  const tally = new Tally();
  const optionsOf = (number: number, ofSoak: number): RunOptions => ({
    seed: number,
    steps: steps ?? ofSoak,
    without,
  });
  if (minutes === undefined && seed !== undefined) {
    const held = await play(optionsOf(seed, STEPS), tally);
    say(`${held ? "all rules held" : "FAILED"}: ${tally.line}`);
    return held;
  }
  const firstSeed = seed ?? Math.floor(Math.random() * SEEDS);
  const endsAtMs = performance.now() + (minutes ?? 1) * MINUTE_MS;
  let tellAtMs = performance.now() + TELL_EVERY_MS;
  say(`seeds from ${firstSeed}`);
  for (let number = firstSeed; performance.now() < endsAtMs; number += 1) {
    const length = STEPS_OF_SOAK[number % STEPS_OF_SOAK.length] ?? STEPS;
    if (!(await play(optionsOf(number, length), tally))) {
      say(`FAILED: ${tally.line}`);
      return false;
    }
    if (performance.now() < tellAtMs) continue;
    tellAtMs = performance.now() + TELL_EVERY_MS;
    say(tally.line);
  }
  say(`all rules held: ${tally.line}`);
  return true;
}

try {
  process.exitCode = (await soak(readArguments())) ? 0 : 1;
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}
