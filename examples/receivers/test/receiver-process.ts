/** A receiver as a process of its own, that can be killed in the middle of anything and started again on the same file. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

const HERE = join(import.meta.dirname, "..");

export interface ReceiverProcess {
  readonly url: string;
  rooms(): Promise<unknown>;
  /** SIGKILL: no handler of the process runs. */
  kill(): Promise<void>;
}

export async function startReceiver(
  command: readonly [program: string, ...args: string[]],
  secret: string,
  roomsFile: string,
): Promise<ReceiverProcess> {
  const [program, ...args] = command;
  const child = spawn(program, args, {
    cwd: HERE,
    env: { ...process.env, HUB_SECRET: secret, ROOMS_FILE: roomsFile, PORT: "0" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const origin = `http://localhost:${await portOf(child)}`;
  return {
    url: `${origin}/discord-events`,
    rooms: async () => await (await fetch(`${origin}/rooms`)).json(),
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, "exit");
      child.kill("SIGKILL");
      await exited;
    },
  };
}

async function portOf(child: ChildProcess): Promise<number> {
  if (child.stdout === null) throw new Error("invariant broken: its output is a pipe");
  for await (const line of createInterface({ input: child.stdout })) {
    const port = /listening.*port["']?: ?(\d+)/.exec(line)?.[1];
    if (port !== undefined) return Number(port);
  }
  throw new Error("the receiver ended before it listened");
}
