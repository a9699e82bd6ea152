/** What a document says of a variable, and the variables that every process has, each said once. */
import * as z from "zod";
import { wholeNumber } from "./value-schema.ts";

export const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export const LOG_FORMATS = ["json", "text"] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

/** Schemas by the variable's name. */
export type Fields = Readonly<Record<string, z.ZodType>>;

export interface VariableDoc {
  readonly meaning: string;
  readonly example: string;
  /** In place of the schema's default, where that is made of something else. */
  readonly standard?: string;
}

export const logFields = {
  LOG_LEVEL: z.enum(LOG_LEVELS, { error: `must be one of ${LOG_LEVELS.join(", ")}` }).default("info"),
  LOG_FORMAT: z.enum(LOG_FORMATS, { error: `must be one of ${LOG_FORMATS.join(", ")}` }).optional(),
  LOG_FILE: z.string().optional(),
  LOG_RETENTION_DAYS: wholeNumber(1, 3_650, "must be a number of days, 1 to 3650").default(14),
} as const;

export const loopFields = {
  /** Longer than any disk that still works, and than a debugger's breakpoint of a hasty person. */
  LOOP_BLOCKED_S_MAX: wholeNumber(0, 86_400, "must be a number of seconds, 0 (never) to 86400").default(60),
} as const;

/** `logFile`: an example of one. */
export function logDocs(logFile: string): Readonly<Record<keyof typeof logFields, VariableDoc>> {
  return {
    LOG_LEVEL: {
      meaning: "`trace`, `debug`, `info`, `warn`, `error`, `fatal` or `silent`",
      example: "`debug`",
    },
    LOG_FORMAT: {
      meaning:
        "`json`, one object a line, or `text`, for people; of standard output, `LOG_FILE` is always `json`",
      example: "`text`",
      standard: "`text` in a terminal, else `json`",
    },
    LOG_FILE: {
      meaning: "a file that has the log besides standard output; see below",
      example: `\`${logFile}\``,
    },
    LOG_RETENTION_DAYS: {
      meaning: "days that finished files of `LOG_FILE` are kept, 1 to 3650",
      example: "`30`",
    },
  };
}

export const LOOP_DOCS: Readonly<Record<keyof typeof loopFields, VariableDoc>> = {
  LOOP_BLOCKED_S_MAX: {
    meaning: "seconds the event loop may stand still before the process kills itself (E024); 0 never",
    example: "`0`",
  },
};

/** What a schema takes when nothing is given; `null` for nothing, `undefined` for what is required. */
export function standardValue(field: z.ZodType): string | null | undefined {
  const outcome = field.safeParse(undefined);
  if (!outcome.success) return undefined;
  return outcome.data === undefined ? null : String(outcome.data);
}
