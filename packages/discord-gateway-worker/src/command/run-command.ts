/** Performs a command: what it prints goes to standard output, and what is returned is the exit code. */

import { statusReport } from "@guildwire/runtime";
import { ERROR_CODES, EXIT, type ExitCode, ProcessError } from "@guildwire/runtime/errors";
import { explain, print } from "@guildwire/runtime/process";
import { checkSetup } from "../check/check-setup.ts";
import { exitCodeOf } from "../check/finding.ts";
import { findingsTable } from "../check/findings-table.ts";
import { type Config, readConfig } from "../config.ts";
import type { OutboxOperator } from "../control/control-request.ts";
import { readHealth, runningWorker } from "../control/running-worker.ts";
import { stoppedWorker } from "../control/stopped-worker.ts";
import type { ParkedChoice } from "../store/outbox-view.ts";
import { type Command, USAGE } from "./command-line.ts";
import { outboxReport, replayReport } from "./outbox-report.ts";
import { REFUSAL, refuse, refuseConfiguration } from "./refusal.ts";

type Environment = Readonly<Record<string, string | undefined>>;

export async function runCommand(
  command: Exclude<Command, { readonly name: "run" }>,
  environment: Environment,
  version: string,
): Promise<ExitCode> {
  switch (command.name) {
    case "help":
      return print(USAGE);
    case "version":
      return print(`${version}\n`);
    case "explain":
      return explain(command.code, REFUSAL);
    case "check":
      return check(command.json, environment);
    case "status":
      return status(command, environment);
    case "outbox":
    case "replay":
      return outbox(command, environment);
  }
}

async function check(json: boolean, environment: Environment): Promise<ExitCode> {
  const outcome = readConfig(environment);
  if (!outcome.ok) return refuseConfiguration(outcome.problems);
  const { config, advice } = outcome;
  const health = await readHealth(healthUrl(config));
  const findings = await checkSetup({ config, advice, workerRuns: health.kind === "answered" });
  print(json ? `${JSON.stringify(findings, null, 2)}\n` : findingsTable(findings));
  return exitCodeOf(findings);
}

async function status(
  { json, url }: Extract<Command, { readonly name: "status" }>,
  environment: Environment,
): Promise<ExitCode> {
  // Nothing but the port is needed, and a half-filled environment is no reason to say nothing.
  const address = url ?? `http://127.0.0.1:${environment["PORT"] || 3001}`;
  const health = await readHealth(address);
  if (health.kind === "absent") return refuse(`no worker runs at ${address}`, EXIT.restartMe);
  if (health.kind === "mute") return refuse(`${address}: ${health.detail}`, EXIT.restartMe);
  print(json ? `${JSON.stringify(health.json, null, 2)}\n` : statusReport(health.json));
  return health.status === 200 ? EXIT.ok : EXIT.restartMe;
}

async function outbox(
  command: Extract<Command, { readonly name: "outbox" | "replay" }>,
  environment: Environment,
): Promise<ExitCode> {
  const outcome = readConfig(environment);
  if (!outcome.ok) return refuseConfiguration(outcome.problems);
  const { config } = outcome;
  const names = config.receivers.map(({ name }) => name);
  if (command.receiver !== undefined && !names.includes(command.receiver))
    return refuse(`--receiver must be one of ${names.join(", ")}`);
  const url = command.url ?? healthUrl(config);
  const health = await readHealth(url);
  if (health.kind === "mute") return refuse(`${url}: ${health.detail}`, EXIT.restartMe);
  if (health.kind === "absent" && command.url !== undefined)
    return refuse(`no worker runs at ${url}`, EXIT.restartMe);
  const running = health.kind === "answered";
  try {
    if (running) return await operate(command, runningWorker(url, config.controlKeys), running);
    const stopped = await stoppedWorker(config);
    try {
      return await operate(command, stopped, running);
    } finally {
      await stopped.close();
    }
  } catch (error) {
    if (error instanceof ProcessError) {
      const hint = error.error === ERROR_CODES.dataDirectoryLocked ? lockedHint(url) : "";
      return refuse(`${error.error.code} ${error.message}${hint}`, error.error.exitCode);
    }
    return refuse(error instanceof Error ? error.message : String(error), EXIT.restartMe);
  }
}

function lockedHint(url: string): string {
  return `; nothing answers at ${url}, so say with --url where its health port is`;
}

async function operate(
  command: Extract<Command, { readonly name: "outbox" | "replay" }>,
  operator: OutboxOperator,
  running: boolean,
): Promise<ExitCode> {
  const { receiver } = command;
  if (command.name === "replay")
    return print(replayReport(await operator.replay(choiceOf(command.sinceIso), receiver), running));
  const inspected = await operator.inspect();
  const receivers = inspected.receivers.filter((view) => view.receiver === (receiver ?? view.receiver));
  const view = { ...inspected, receivers };
  // The first receiver's numbers are also at the top, as when there was only one.
  const json = { ...receivers[0], ...view };
  return print(command.json ? `${JSON.stringify(json, null, 2)}\n` : outboxReport(view, Date.now()));
}

function choiceOf(sinceIso: string | null): ParkedChoice {
  if (sinceIso === null) return "none";
  return sinceIso === "" ? "all" : { sinceIso };
}

function healthUrl({ port }: Config): string {
  return `http://127.0.0.1:${port}`;
}
