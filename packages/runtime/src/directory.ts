/** How directories are made. */
import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";

/**
 * One level after the other: Node's own `recursive` never returns where the system refuses without a reason, as in /proc.
 * Returns what was made, the outermost first.
 */
export function makeDirectory(path: string): readonly string[] {
  if (existsSync(path)) return [];
  const made = makeDirectory(dirname(path));
  mkdirSync(path);
  return [...made, path];
}
