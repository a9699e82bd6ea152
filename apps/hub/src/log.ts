/** The hub's log: one JSON object per line on stdout, an event name and stable field names. Never a secret or a body. */
import type { LogLevel } from "./config.ts";

export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

export interface Log {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

const RANK: Readonly<Record<LogLevel, number>> = {
  trace: 0,
  debug: 1,
  info: 2,
  warn: 3,
  error: 4,
  fatal: 5,
  silent: 6,
};

export interface LogOptions {
  readonly level: LogLevel;
  readonly nowMs: () => number;
  readonly write: (line: string) => void;
}

export function createLog({ level, nowMs, write }: LogOptions): Log {
  const at =
    (own: LogLevel) =>
    (event: string, fields: LogFields = {}): void => {
      if (RANK[own] < RANK[level]) return;
      write(
        `${JSON.stringify({ level: own, time: new Date(nowMs()).toISOString(), app: "guildwire-hub", event, ...fields })}\n`,
      );
    };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}
