/** `pnpm bench`: runs the benchmarks asked for and writes RESULTS.md from all results there are. */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { BENCHMARKS } from "./suite/benchmarks.ts";
import { thisMachine } from "./suite/machine.ts";
import { figuresOf, reportOf } from "./suite/report.ts";
import { Results } from "./suite/results.ts";
import type { Section } from "./suite/section.ts";

const USAGE = `pnpm bench [--quick] [--only <name>]… [--pick <text>]… [--rounds <n>] [--report]

  --quick    enough to see that all of it works, in a few minutes
  --only     one of:
${BENCHMARKS.map(({ name, about }) => `               ${name.padEnd(12)} ${about}`).join("\n")}
  --pick     only subjects and tables whose name has this text, where a benchmark knows how; nothing is kept
  --rounds   this many, where a benchmark has rounds
  --keep     keep the results of a --quick run, or one with other --rounds, as those of a whole run are
  --report   write RESULTS.md from the last results, run nothing
`;

const FAILURE_CHARS_MAX = 300;

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    keep: { type: "boolean", default: false },
    only: { type: "string", multiple: true },
    pick: { type: "string", multiple: true },
    rounds: { type: "string" },
    report: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
const chosen = BENCHMARKS.filter(({ name }) => values.only === undefined || values.only.includes(name));
const unknown = (values.only ?? []).filter((name) => !BENCHMARKS.some((one) => one.name === name));
const badRounds = values.rounds !== undefined && !/^[1-9]\d*$/.test(values.rounds);
if (values.help || unknown.length > 0 || badRounds) {
  if (unknown.length > 0) process.stderr.write(`no benchmark is named ${unknown.join(", ")}\n\n`);
  if (badRounds) process.stderr.write("--rounds must be a whole number, 1 or more\n\n");
  process.stderr.write(USAGE);
  process.exit(values.help ? 0 : 1);
}

const { pick } = values;
const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
const isUsual = !values.quick && rounds === undefined;
const isKept = pick === undefined && (isUsual || values.keep);
const results = Results.load();
if (!values.report) {
  for (const one of chosen) {
    process.stdout.write(`${one.name}\n`);
    const startedMs = Date.now();
    let roundsRun: number | undefined;
    const failures: string[] = [];
    const result = await one.run({
      quick: values.quick,
      picks: (name) => pick === undefined || pick.some((text) => name.includes(text)),
      rounds(usual) {
        roundsRun = rounds ?? usual;
        return roundsRun;
      },
      log: (line) => void process.stdout.write(`  ${line}\n`),
      failed(what) {
        const line = oneLine(what);
        failures.push(line);
        process.stdout.write(`  FAILED: ${line}\n`);
        process.exitCode = 1;
      },
    });
    const tookS = Math.round((Date.now() - startedMs) / 1000);
    if (isKept) {
      results.keep(one.name, {
        machine: thisMachine(),
        quick: values.quick,
        rounds: roundsRun,
        tookS,
        failures,
        result,
      });
    } else {
      process.stdout.write(`${figuresOf(picked(one.section(result)))}\n`);
    }
  }
}
if (isKept || values.report) {
  writeFileSync(new URL("../RESULTS.md", import.meta.url), reportOf(BENCHMARKS, results));
}

/** What takes a subject that was not picked was not asked for. */
function picked(section: Section): Section {
  if (pick === undefined) return section;
  return { ...section, wanted: section.wanted.filter(({ measured }) => measured !== undefined) };
}

/** A process that failed may have said much; the start and the end tell most. */
function oneLine(text: string): string {
  const words = text.replaceAll(/\s+/g, " ").trim();
  return words.length <= FAILURE_CHARS_MAX
    ? words
    : `${words.slice(0, FAILURE_CHARS_MAX / 2)} … ${words.slice(-FAILURE_CHARS_MAX / 2)}`;
}
