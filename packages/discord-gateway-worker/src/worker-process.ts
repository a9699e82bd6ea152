/** The process around the worker: environment in, signals, one clear last line, exit code out. */

import { createLog, startWatchdog, unreadableEnvFiles } from "@guildwire/runtime";
import { crashed, ProcessError } from "@guildwire/runtime/errors";
import { startLifecycle } from "@guildwire/runtime/process";
import type { Logger } from "pino";
import { APP, refuseConfiguration } from "./command/refusal.ts";
import { type Config, readConfig } from "./config.ts";
import { Worker } from "./worker.ts";

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
  const { fail } = startLifecycle({
    record: (at, fields, message) => log[at](fields, message),
    stop: async () => {
      await worker?.stop();
      return true;
    },
  });
  try {
    worker = await Worker.open({ config, log, onFatal: fail });
    await worker.start();
    startWatchdog({ app: APP, blockedMsMax: config.loopBlockedMsMax, logFile: file });
  } catch (error) {
    fail(error instanceof ProcessError ? error : crashed(error));
  }
}
