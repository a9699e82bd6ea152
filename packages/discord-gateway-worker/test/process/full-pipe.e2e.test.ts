/** Standard output is a full pipe that no process reads: the log suffers, the work does not. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openFullPipe } from "@guildwire/runtime/testing";
import { expect, it, onTestFinished } from "vitest";
import { temporaryDirectory } from "../temporary-directory.ts";
import { aMove, setUp } from "./worker-rig.ts";

const MAIN = fileURLToPath(new URL("../../dist/main.js", import.meta.url));

it("a worker whose standard output is stuck delivers, answers, and ends when it is asked to", async () => {
  const { sim, receiver, env } = await setUp();
  const directory = temporaryDirectory();
  using pipe = openFullPipe(directory);
  const logFile = join(directory, "worker.log");
  const child = spawn(process.execPath, [MAIN], {
    env: { ...env, LOG_FILE: logFile },
    stdio: ["ignore", pipe.fd, "inherit"],
  });
  const exited = once(child, "exit");
  onTestFinished(() => void child.kill("SIGKILL"));

  await receiver.untilTaken("guild.snapshot");
  const { userId, to } = aMove(sim);
  sim.command({ type: "move", userId: userId as never, channelId: to as never });
  await receiver.untilTaken("voice.joined");
  expect(existsSync(logFile)).toBe(true);
  const port = /"event":"health_listening","port":(\d+)/.exec(readFileSync(logFile, "utf8"))?.[1];
  expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200);

  // What waited leaves in order once the pipe is read.
  let output = pipe.drain();
  while (!output.includes("\n")) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    output += pipe.drain();
  }
  expect(JSON.parse(output.split("\n")[0] ?? "")).toMatchObject({
    app: "guildwire-worker",
    event: "starting",
  });

  child.kill("SIGTERM");
  expect(await exited).toEqual([0, null]);
});
