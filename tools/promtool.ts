/** Prometheus' own judgement, where its tool is installed. */
import { spawnSync } from "node:child_process";

export const HAS_PROMTOOL = spawnSync("promtool", ["--version"]).status === 0;

/** For the title of what is skipped without it. */
export const NEEDS_PROMTOOL = HAS_PROMTOOL ? "(promtool)" : "(skipped: no promtool)";

// The list of tests shows no titles of those that were skipped, and a green run must not hide what it did not look at.
if (!HAS_PROMTOOL)
  process.stderr.write(
    "promtool is not installed (Debian's package prometheus has it): its tests are SKIPPED\n",
  );

/** What it objects to; empty when it is content. */
export function promtool(args: readonly string[], input = ""): string {
  const { status, stdout, stderr } = spawnSync("promtool", args, { input, encoding: "utf8" });
  return status === 0 ? "" : `${stdout}${stderr}`;
}
