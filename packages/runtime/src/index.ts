export { type Clock, storedAgeMs, systemClock } from "./clock/clock.ts";
export { commitOf } from "./commit.ts";
export { makeDirectory } from "./directory.ts";
export {
  type Environment,
  type EnvironmentOutcome,
  type EnvironmentRules,
  FILE_SUFFIX,
  type Mistake,
  readEnvironment,
  type ValuesOf,
} from "./environment/environment.ts";
export { unreadableEnvFiles } from "./environment/utf16.ts";
export {
  basicAuthentication,
  httpUrl,
  httpUrlWithLogin,
  plainHttpUrl,
  wholeNumber,
} from "./environment/value-schema.ts";
export {
  type Fields,
  LOG_LEVELS,
  LOOP_DOCS,
  type LogFormat,
  type LogLevel,
  logDocs,
  logFields,
  loopFields,
  standardValue,
  type VariableDoc,
} from "./environment/variable.ts";
export { createLog, type LogOptions, type LogToOptions, logTo } from "./log/log.ts";
export { onceAMinute } from "./log/once-a-minute.ts";
export { LoopDelay, TURN_MS_MAX } from "./loop/loop-delay.ts";
export { startWatchdog, type WatchdogOptions } from "./loop/watchdog.ts";
export { type MemoryFacts, MemoryWatch, memoryFacts, memoryLimitBytes } from "./memory-watch.ts";
export { duration } from "./report/duration.ts";
export { statusReport } from "./report/status-report.ts";
export { Secret } from "./secret.ts";
