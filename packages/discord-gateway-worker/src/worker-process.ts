/** The process around the worker: environment in, signals, one clear last line, exit code out. */

import { createLog, startWatchdog, unreadableEnvFiles } from "@guildwire/runtime";
import { EXIT } from "@guildwire/runtime/errors";
import type { Logger } from "pino";
import { refuseConfiguration } from "./command/refusal.ts";
import { type Config, readConfig } from "./config.ts";
import { Worker } from "./worker.ts";
import { WorkerError } from "./worker-error.ts";

/** As logs call this process. */
const APP = "guildwire-worker";

export async function runWorkerProcess(): Promise<void> {
  const outcome = readConfig(process.env);
  if (!outcome.ok) {
    process.exitCode = refuseConfiguration(outcome.problems);
    return;
  }
  await runWorker(outcome.config, [...outcome.advice, ...unreadableEnvFiles(process.cwd())]);
}

async function runWorker(config: Config, advice: readonly string[]): Promise<void> {
  const { logLevel: level, logFormat: format, logFile: file, logRetentionDays: retentionDays } = config;
  let log: Logger;
  try {
    log = createLog({ app: APP, level, format, file, retentionDays });
  } catch (error) {
    process.exitCode = refuseConfiguration([`LOG_FILE cannot be written: ${String(error)}`]);
    return;
  }
  for (const line of advice) log.warn({ event: "config_advice" }, line);
  let worker: Worker | undefined;
  let stopping = false;

  async function stop(exitCode: number): Promise<void> {
    if (stopping) return;
    stopping = true;
    try {
      await worker?.stop();
    } catch (error) {
      log.error({ event: "stop_failed", detail: String(error) }, "could not stop cleanly");
    }
    process.exit(exitCode);
  }

  function die(error: WorkerError): void {
    const { code, name, exitCode } = error.error;
    log.fatal(
      { event: "fatal", errorCode: code, errorName: name, exitCode, cause: causeOf(error) },
      `${code} ${error.message}`,
    );
    void stop(exitCode);
  }

  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      // A second signal means: now.
      if (stopping) process.exit(EXIT.restartMe);
      log.info({ event: "stopping", signal }, `${signal}: stopping`);
      void stop(EXIT.ok);
    });
  }
  process.on("uncaughtException", (error) => die(crash(error)));
  process.on("unhandledRejection", (reason) => die(crash(reason)));

  try {
    worker = new Worker({ config, log, onFatal: die });
    await worker.start();
    startWatchdog({ app: APP, blockedMsMax: config.loopBlockedMsMax, logFile: file });
  } catch (error) {
    die(error instanceof WorkerError ? error : crash(error));
  }
}

function crash(error: unknown): WorkerError {
  return new WorkerError("crashed", `a bug of Guildwire: ${String(error)}`, { cause: error });
}

function causeOf(error: WorkerError): string | undefined {
  return error.cause instanceof Error ? error.cause.stack : undefined;
}
