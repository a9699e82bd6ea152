/**
 * Names and ages of log files: pure. The file that is written has the name the operator gave; a finished day has its
 * date before the ending, and a number when there are several of one day: `app.2026-11-25.log`, `app.2026-11-25.1.log`.
 */
import { parse } from "node:path";

export function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** What a finished file is called, `number` of that day from 0. */
export function finishedName(file: string, day: string, number: number): string {
  const { name, ext } = parse(file);
  return `${name}.${day}${number === 0 ? "" : `.${number}`}${ext}`;
}

/** Which of the names in the directory are finished files of days that are no longer kept. */
export function expiredNames(
  file: string,
  names: readonly string[],
  nowMs: number,
  retentionDays: number,
): readonly string[] {
  const { name, ext } = parse(file);
  const oldest = dayOf(nowMs - retentionDays * 86_400_000);
  return names.filter((each) => {
    if (!each.startsWith(`${name}.`) || !each.endsWith(ext)) return false;
    const middle = each.slice(name.length + 1, each.length - ext.length);
    const day = /^(\d{4}-\d{2}-\d{2})(\.\d+)?$/.exec(middle)?.[1];
    return day !== undefined && day < oldest;
  });
}
