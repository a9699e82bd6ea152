import { execFileSync } from "node:child_process";

/**
 * The processes this one was started through, nearest first: the script's shell, pnpm, npx. Ending any of them is
 * meant to end the demo, but not all of them pass a signal on. Where `ps` is missing there is only the parent.
 */
export function launchers(): readonly number[] {
  const ancestors: { readonly pid: number; readonly args: string }[] = [];
  for (let pid = process.ppid; pid > 1 && ancestors.length < ANCESTORS_MAX; ) {
    const line = processLine(pid);
    ancestors.push({ pid, args: line?.args ?? "" });
    if (line === undefined) break;
    pid = line.parent;
  }
  const last = ancestors.findLastIndex(({ args }) => /\bpnpm\b/.test(args));
  return ancestors.slice(0, Math.max(1, last + 1)).map(({ pid }) => pid);
}

const ANCESTORS_MAX = 10;

function processLine(pid: number): { readonly parent: number; readonly args: string } | undefined {
  try {
    const line = execFileSync("ps", ["-o", "ppid=", "-o", "args=", "-p", String(pid)], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    const found = /^\s*(\d+)\s+(.*)/.exec(line);
    return found === null ? undefined : { parent: Number(found[1]), args: found[2] ?? "" };
  } catch {
    return undefined;
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
