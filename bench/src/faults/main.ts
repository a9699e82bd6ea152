/** Runs the trials asked for, a few at a time, and writes FAULTS.md from all results there are. */
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type ClientEntry, versionOf } from "./client-table.ts";
import { type Selection, selectionOf, USAGE } from "./command-line.ts";
import { reportOf } from "./report.ts";
import { Results } from "./results.ts";
import type { Outcome, Scenario } from "./scenarios/scenario.ts";

const TRIAL = fileURLToPath(new URL("./trial.ts", import.meta.url));
const REPORT = new URL("../../FAULTS.md", import.meta.url);

function runTrial(client: ClientEntry, scenario: Scenario): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ["--no-warnings", TRIAL, client.name, scenario.name],
      { timeout: scenario.boundMs, killSignal: "SIGKILL" },
      (error, stdout, stderr) => {
        if (error === null) resolve(JSON.parse(stdout) as Outcome);
        // A trial that could not be set up, or did not end, says nothing about the client.
        else resolve({ verdict: "note", observed: `no trial: ${reasonIn(stderr)}` });
      },
    );
  });
}

/** Until one fails: what passes by chance does not pass. */
async function runCell(client: ClientEntry, scenario: Scenario, trials: number): Promise<Outcome> {
  let outcome = await runTrial(client, scenario);
  for (let trial = 1; trial < trials && outcome.verdict === "pass"; trial += 1) {
    outcome = await runTrial(client, scenario);
  }
  return trials === 1 ? outcome : { ...outcome, observed: `${outcome.observed} (of ${trials})` };
}

function reasonIn(stderr: string): string {
  const line = /^(?:\w*Error): (.*)$/m.exec(stderr)?.[1] ?? "it did not end in time";
  return line.slice(0, 80).replaceAll("|", "/").trim();
}

/** Ours first, so that no peer that spins shares the machine with it; then row by row. */
function trialsOf({ clients, scenarios }: Selection): readonly (readonly [ClientEntry, Scenario])[] {
  const ours = clients.filter(({ npmPackage }) => npmPackage === null);
  const peers = clients.filter(({ npmPackage }) => npmPackage !== null);
  return [
    ...ours.flatMap((client) => scenarios.map((scenario) => [client, scenario] as const)),
    ...scenarios.flatMap((scenario) => peers.map((client) => [client, scenario] as const)),
  ];
}

async function runAll(selection: Selection, results: Results): Promise<void> {
  const waiting = [...trialsOf(selection)];
  const total = waiting.length;
  let done = 0;
  const lane = async (): Promise<void> => {
    for (let trial = waiting.shift(); trial !== undefined; trial = waiting.shift()) {
      const [client, scenario] = trial;
      const outcome = await runCell(client, scenario, selection.trials);
      done += 1;
      results.add({
        ...outcome,
        client: client.name,
        scenario: scenario.name,
        version: versionOf(client),
        ranAt: new Date().toISOString(),
      });
      process.stdout.write(
        `${done}/${total} ${client.name} ${scenario.name}: ${outcome.verdict}, ${outcome.observed}\n`,
      );
    }
  };
  await Promise.all(Array.from({ length: selection.parallel }, lane));
}

const selection = selectionOf(process.argv.slice(2));
if (selection === undefined) {
  process.stderr.write(USAGE);
  process.exitCode = 1;
} else {
  const results = Results.load();
  if (!selection.reportOnly) await runAll(selection, results);
  writeFileSync(REPORT, reportOf(results));
}
