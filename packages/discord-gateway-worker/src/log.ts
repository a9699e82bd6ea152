import { type Logger, pino } from "pino";
import type { LogLevel } from "./environment/variables.ts";

/**
 * Logs are events with stable field names, one JSON line each on standard output. In a terminal they are made
 * readable, when the development package that does so is installed.
 */
export async function createLog(level: LogLevel): Promise<Logger> {
  const options = {
    level,
    base: { app: "guildwire-worker" },
    formatters: { level: (label: string) => ({ level: label }) },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
  };
  if (process.stdout.isTTY) {
    try {
      const { default: pretty } = await import("pino-pretty");
      return pino(
        options,
        pretty({ colorize: true, ignore: "app", translateTime: "SYS:HH:MM:ss.l", sync: true }),
      );
    } catch {
      // Not installed, as in production: JSON it is.
    }
  }
  return pino(options, pino.destination({ fd: 1, sync: true }));
}
