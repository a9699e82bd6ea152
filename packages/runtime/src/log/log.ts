import { createRequire } from "node:module";
import { type DestinationStream, type Logger, multistream, pino } from "pino";
import type { LogLevel } from "../environment/variable.ts";
import { RotatingFile } from "./rotating-file.ts";
import { StandardOutput } from "./standard-output.ts";

export interface LogOptions {
  /** The process that writes, in every record. */
  readonly app: string;
  readonly level: LogLevel;
  /** Beside standard output; `null` for none. */
  readonly file: string | null;
  readonly retentionDays: number;
}

/**
 * Logs are events with stable field names, one JSON line each on standard output, and in a file besides when there is
 * to be one. @throws what the file system says of a file that cannot be opened.
 */
export function createLog({ app, level, file, retentionDays }: LogOptions): Logger {
  const output = standardOutput(app);
  if (file === null) return logTo({ app, level, output });
  const rotating = new RotatingFile({ path: file, app, retentionDays });
  rotating.open();
  const streams = [output, rotating].map((stream) => ({ level: "trace" as const, stream }));
  return logTo({ app, level, output: multistream(streams) });
}

export interface LogToOptions {
  readonly app: string;
  readonly level: LogLevel;
  readonly output: DestinationStream;
  readonly nowMs?: () => number;
}

/** The records of `createLog`, written elsewhere. */
export function logTo({ app, level, output, nowMs = Date.now }: LogToOptions): Logger {
  const options = {
    level,
    base: { app },
    formatters: { level: (label: string) => ({ level: label }) },
    timestamp: () => `,"time":"${new Date(nowMs()).toISOString()}"`,
  };
  return pino(options, output);
}

/** In a terminal it is made readable, when the development package that does so is installed. */
function standardOutput(app: string): DestinationStream {
  if (process.stdout.isTTY) {
    try {
      const pretty = createRequire(import.meta.url)("pino-pretty") as typeof import("pino-pretty");
      return pretty({ colorize: true, ignore: "app", translateTime: "SYS:HH:MM:ss.l", sync: true });
    } catch {
      // Not installed, as in production: JSON it is.
    }
  }
  const output = new StandardOutput({ app });
  process.once("exit", () => output.flush());
  return output;
}
