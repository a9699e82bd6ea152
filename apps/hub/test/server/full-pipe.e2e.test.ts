/** Standard output is a full pipe that no process reads: the log suffers, the work does not. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { openFullPipe } from "@guildwire/runtime/testing";
import { expect, it, onTestFinished } from "vitest";
import { GUILD, GuildStory } from "../guild-story.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { HUB_SECRET, MAIN, post } from "./hub-process.ts";

it("a hub whose standard output is stuck takes deliveries, answers, and ends when it is asked to", async () => {
  const directory = temporaryDirectory();
  using pipe = openFullPipe(directory);
  const logFile = join(directory, "hub.log");
  const child = spawn(process.execPath, [MAIN], {
    env: {
      NODE_ENV: "production",
      HOST: "127.0.0.1",
      HUB_SECRET,
      DATA_DIR: directory,
      PORT: "0",
      LOG_FILE: logFile,
    },
    stdio: ["ignore", pipe.fd, "inherit"],
  });
  const exited = once(child, "exit");
  onTestFinished(() => void child.kill("SIGKILL"));

  let port: number | undefined;
  await expect
    .poll(() => {
      const text = existsSync(logFile) ? readFileSync(logFile, "utf8") : "";
      port = Number(/"event":"hub_started","port":(\d+)/.exec(text)?.[1]);
      return port;
    })
    .toBeGreaterThan(0);
  const events = [new GuildStory().snapshot()];
  expect(await post(Number(port), { source: GUILD.id, epoch: "e1", events })).toBe(1);
  expect((await fetch(`http://127.0.0.1:${port}/api/health`)).status).toBe(200);

  child.kill("SIGTERM");
  expect(await exited).toEqual([0, null]);
});
