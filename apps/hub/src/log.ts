/** The hub's log: pino's records with an event's name and stable field names. Never a secret or a body. */
import type { createLog } from "@guildwire/runtime";

export const APP = "guildwire-hub";

export type RecordWriter = ReturnType<typeof createLog>;

export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** `message`: what a person reads first; programs go by `event`. */
type Say = (event: string, fields?: LogFields, message?: string) => void;

export interface Log {
  readonly debug: Say;
  readonly info: Say;
  readonly warn: Say;
  readonly error: Say;
  readonly fatal: Say;
}

export function logOn(writer: RecordWriter): Log {
  const at =
    (level: "debug" | "info" | "warn" | "error" | "fatal"): Say =>
    (event, fields, message) =>
      writer[level]({ event, ...fields }, message);
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error"), fatal: at("fatal") };
}
