import { type DestinationStream, type Logger, multistream, pino } from "pino";
import type { LogLevel } from "../environment/variable.ts";
import { RotatingFile } from "./rotating-file.ts";

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
export async function createLog({ app, level, file, retentionDays }: LogOptions): Promise<Logger> {
  const options = {
    level,
    base: { app },
    formatters: { level: (label: string) => ({ level: label }) },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
  };
  const output = await standardOutput();
  if (file === null) return pino(options, output);
  const rotating = new RotatingFile({ path: file, app, retentionDays });
  rotating.open();
  const streams = [output, rotating].map((stream) => ({ level: "trace" as const, stream }));
  return pino(options, multistream(streams));
}

/** In a terminal it is made readable, when the development package that does so is installed. */
async function standardOutput(): Promise<DestinationStream> {
  if (process.stdout.isTTY) {
    try {
      const { default: pretty } = await import("pino-pretty");
      return pretty({ colorize: true, ignore: "app", translateTime: "SYS:HH:MM:ss.l", sync: true });
    } catch {
      // Not installed, as in production: JSON it is.
    }
  }
  return pino.destination({ fd: 1, sync: true });
}
