import { type DestinationStream, type Logger, multistream, pino } from "pino";
import type { LogFormat, LogLevel } from "../environment/variable.ts";
import { RotatingFile } from "./rotating-file.ts";
import { StandardOutput } from "./standard-output.ts";
import { textLine } from "./text-format.ts";

export interface LogOptions {
  /** The process that writes, in every record. */
  readonly app: string;
  readonly level: LogLevel;
  /** Of standard output; without it `text` in a terminal, else `json`. */
  readonly format?: LogFormat | undefined;
  /** Beside standard output; `null` for none. */
  readonly file: string | null;
  readonly retentionDays: number;
}

/**
 * Logs are events with stable field names, one JSON line each on standard output, and in a file besides when there is
 * to be one. @throws what the file system says of a file that cannot be opened.
 */
export function createLog({ app, level, format, file, retentionDays }: LogOptions): Logger {
  const output = standardOutput(app, format ?? (process.stdout.isTTY ? "text" : "json"));
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

function standardOutput(app: string, format: LogFormat): DestinationStream {
  const colour = process.stdout.isTTY && !process.env["NO_COLOR"];
  const output = new StandardOutput(
    format === "json" ? { app } : { app, format: (json) => textLine(json, colour) },
  );
  process.once("exit", () => output.flush());
  return output;
}
