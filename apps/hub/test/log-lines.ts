import { logTo } from "@guildwire/runtime";
import { APP, type Log, logOn, type RecordWriter } from "../src/log.ts";

/** A writer that keeps each record as a line of JSON. */
export function writerOf(lines: string[], nowMs: () => number): RecordWriter {
  return logTo({ app: APP, level: "debug", output: { write: (line) => void lines.push(line) }, nowMs });
}

export function linesOf(lines: string[], nowMs: () => number): Log {
  return logOn(writerOf(lines, nowMs));
}
