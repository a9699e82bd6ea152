import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import type { DiscordSim } from "../../src/index.ts";
import { castOf, playInteractions, STRONG, startSim } from "./peer-sim.ts";

/**
 * discord.py of Debian's package `python3-discord`, unmodified but for its addresses (discord-py-bot.py). It sends ids
 * as numbers everywhere. Without the package the test is skipped, and says so.
 */

const PYTHON = "/usr/bin/python3";
const isInstalled = spawnSync(PYTHON, ["-c", "import discord"]).status === 0;
const WHY = isInstalled ? "" : " (skipped: `apt-get install python3-discord`)";

let sim: DiscordSim;
let bot: ChildProcess;

afterEach(async () => {
  if (bot.exitCode === null && bot.signalCode === null) {
    bot.kill("SIGKILL");
    await once(bot, "close");
  }
  await sim.close();
});

interface Said {
  readonly event: string;
  readonly [fact: string]: unknown;
}

/** Lines the bot prints, by event name; asking for one waits for it. */
async function start(): Promise<(event: string) => Promise<Said>> {
  sim = await startSim({ ...STRONG, heartbeatIntervalMs: 41_250 });
  const script = fileURLToPath(new URL("discord-py-bot.py", import.meta.url));
  bot = spawn(PYTHON, [script, sim.apiUrl, sim.token, sim.guildId], { stdio: ["ignore", "pipe", "pipe"] });
  const errors: string[] = [];
  bot.stderr?.on("data", (chunk: Buffer) => errors.push(chunk.toString()));
  const said = new Map<string, Said>();
  const waiting = new Map<string, (said: Said) => void>();
  const { stdout } = bot;
  if (stdout === null) throw new Error("no output");
  createInterface({ input: stdout }).on("line", (line) => {
    const entry = JSON.parse(line) as Said;
    said.set(entry.event, entry);
    waiting.get(entry.event)?.(entry);
  });
  return (event) =>
    new Promise((resolve, reject) => {
      const known = said.get(event);
      if (known !== undefined) resolve(known);
      waiting.set(event, resolve);
      bot.once("close", () => reject(new Error(`the bot ended: ${errors.join("")}`)));
    });
}

describe.skipIf(!isInstalled)(`discord.py${WHY}`, () => {
  it("logs in, knows all members, writes, replies, edits, reacts, pages, deletes and opens a DM", async () => {
    const heard = await start();
    const ready = await heard("ready");
    expect(ready).toMatchObject({ guild: sim.world().guild.name, id: sim.applications()[0]?.id });
    expect(ready["cached"]).toBe(ready["members"]);
    const history = await heard("history");
    expect(history).toMatchObject({ page: ["reply", "three", "one"], reactions: [["🎉", 1, true]] });
    expect(history["reference"]).toBe(history["two"]);
    expect(await heard("played")).toMatchObject({ page: ["reply", "three"] });
    const { person, textChannel } = await castOf(sim);
    sim.command({ type: "sendMessage", userId: person, channelId: textChannel, content: "hello" });
    expect(await heard("message")).toMatchObject({ content: "hello" });
  });

  it("registers a command, opens a form, answers it and changes the answer when a button is pressed", async () => {
    const heard = await start();
    await heard("played");
    await playInteractions(sim, await castOf(sim));
  });
});
