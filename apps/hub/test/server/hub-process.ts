/** The built hub as processes that are begun and killed: `turbo run build` comes first. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { GuildwireEvent } from "@guildwire/events";
import { signedHeaders } from "../signed-delivery.ts";

export const MAIN = fileURLToPath(new URL("../../dist/server/main.js", import.meta.url));
export const HUB_SECRET = "a-secret-for-tests-only-of-32-characters-or-more";

/** What is left running when a test ends early. */
export const running = new Set<ChildProcess>();

export function killAll(): void {
  for (const child of running) child.kill("SIGKILL");
  running.clear();
}

export interface Life {
  readonly child: ChildProcess;
  readonly port: number;
}

export async function begin(dataDir: string, port = 0): Promise<Life> {
  const child = spawn(process.execPath, [MAIN], {
    env: { NODE_ENV: "production", HOST: "127.0.0.1", HUB_SECRET, DATA_DIR: dataDir, PORT: String(port) },
    stdio: ["ignore", "pipe", "inherit"],
  });
  running.add(child);
  const exited = once(child, "close").then(() => Promise.reject(new Error("the hub ended")));
  exited.catch(() => {});
  let output = "";
  for (;;) {
    const [chunk] = (await Promise.race([once(child.stdout, "data"), exited])) as [Buffer];
    output += chunk.toString();
    const found = /"event":"hub_started","port":(\d+)/.exec(output)?.[1];
    if (found === undefined) continue;
    child.stdout.resume();
    return { child, port: Number(found) };
  }
}

export async function kill({ child }: Life): Promise<void> {
  const closed = once(child, "close");
  child.kill("SIGKILL");
  await closed;
  running.delete(child);
}

/** Resolves to what was acknowledged. Rejects with a `TypeError` when the hub is not there. */
export async function post(
  port: number,
  {
    source,
    epoch,
    events,
  }: { readonly source: string; readonly epoch: string; readonly events: readonly GuildwireEvent[] },
): Promise<number> {
  const body = JSON.stringify({ source, epoch, events });
  const id = `d_${source}_${events[0]?.seq}`;
  const timestampS = Math.floor(Date.now() / 1_000);
  const response = await fetch(`http://127.0.0.1:${port}/api/internal/events`, {
    method: "POST",
    headers: signedHeaders({ id, timestampS, body }, HUB_SECRET),
    body,
  });
  if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
  return ((await response.json()) as { acked: number }).acked;
}
