/** Prometheus' own judgement, where its tool is installed. */
import { spawnSync } from "node:child_process";

export const HAS_PROMTOOL = spawnSync("promtool", ["--version"]).status === 0;

/** For the title of what is skipped without it. */
export const NEEDS_PROMTOOL = HAS_PROMTOOL
  ? "(promtool)"
  : "(SKIPPED: promtool is not installed; Debian's package prometheus has it)";

/** What it objects to; empty when it is content. */
export function promtool(args: readonly string[], input = ""): string {
  const { status, stdout, stderr } = spawnSync("promtool", args, { input, encoding: "utf8" });
  return status === 0 ? "" : `${stdout}${stderr}`;
}
