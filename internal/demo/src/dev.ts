/**
 * `pnpm dev`: worker and hub from source, restarted as you edit. With DISCORD_BOT_TOKEN and PRIMARY_GUILD_ID set
 * (`.env.local` is the place) against Discord; without, or with `--sim`, against the simulator.
 */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { styleText } from "node:util";
import { unreadableEnvFiles } from "@guildwire/runtime";
import { choosePorts } from "./port.ts";
import { devHubEndpoint, REPOSITORY, simCredentials, simSpec } from "./stack.ts";
import type { ProcessSpec } from "./supervised-process.ts";
import { onEnd, STOP_WITHIN_MS, Supervisor } from "./supervisor.ts";
import { newsReporter, say } from "./terminal.ts";
import { type DemoFlags, readFlags, WORLD_USAGE } from "./world-flags.ts";

const USAGE = `pnpm dev [options]

Runs worker and hub from source and restarts them as you edit.

  --sim        against the simulator, whatever the environment says
${WORLD_USAGE}`;

const EXIT_FIX_ME = 78;

async function main(): Promise<void> {
  const outcome = readFlags(process.argv.slice(2));
  if (!outcome.ok) {
    process.stderr.write(`dev: ${outcome.problem}\n\n${USAGE}\n`);
    process.exitCode = EXIT_FIX_ME;
    return;
  }
  if (outcome.flags.help) {
    say(USAGE);
    return;
  }
  const simulated = outcome.flags.sim || (!hasCredentials() && (await offerSimulator()));
  if (!simulated && !hasCredentials()) {
    process.exitCode = EXIT_FIX_ME;
    return;
  }
  await run(outcome.flags, simulated);
}

function hasCredentials(): boolean {
  return Boolean(process.env["DISCORD_BOT_TOKEN"] && process.env["PRIMARY_GUILD_ID"]);
}

async function offerSimulator(): Promise<boolean> {
  for (const line of unreadableEnvFiles(REPOSITORY)) say(line);
  say("DISCORD_BOT_TOKEN and PRIMARY_GUILD_ID are not both set, so there is no Discord server to watch.");
  say("  · for a real server put them into .env.local (the README says where to get them)");
  say("  · for the simulator run: pnpm dev --sim");
  if (!process.stdin.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question("\nUse the simulator now? [Y/n] ");
  terminal.close();
  return !/^n/i.test(answer.trim());
}

async function run(flags: DemoFlags, simulated: boolean): Promise<void> {
  const worker = process.env["PORT"];
  const ports = await choosePorts(say, worker ? { worker: Number(worker) } : {});
  const dataDir = process.env["DATA_DIR"] || join(REPOSITORY, "data");
  const secret = process.env["HUB_SECRET"] || `whsec_${randomBytes(32).toString("base64")}`;
  const specs: ProcessSpec[] = [
    {
      name: "worker",
      args: [
        "--watch",
        "--watch-preserve-output",
        join(REPOSITORY, "packages/discord-gateway-worker/src/main.ts"),
      ],
      env: {
        ...(simulated ? simCredentials(ports) : {}),
        PORT: String(ports.worker),
        HUB_ENDPOINT: devHubEndpoint(process.env["HUB_ENDPOINT"], ports),
        HUB_SECRET: secret,
        DATA_DIR: join(dataDir, simulated ? "worker-sim" : "worker"),
      },
      readyUrl: `http://127.0.0.1:${ports.worker}/live`,
    },
    {
      name: "hub",
      args: [join(REPOSITORY, "apps/hub/node_modules/vite/bin/vite.js"), "dev"],
      cwd: join(REPOSITORY, "apps/hub"),
      env: {
        ...(simulated ? simCredentials(ports) : {}),
        PORT: String(ports.hub),
        HUB_SECRET: secret,
        // Apart, so that the page never shows one world's rooms while the other is played.
        DATA_DIR: join(dataDir, simulated ? "hub-sim" : "hub"),
      },
      readyUrl: `http://127.0.0.1:${ports.hub}/api/live`,
    },
  ];
  if (simulated) specs.push(simSpec({ ports, world: flags.world, dataDir }));

  const supervisor = new Supervisor(specs, newsReporter({ verbosity: "all" }));
  onEnd((why) => {
    say(`\n${why}: stopping`);
    void supervisor.stop(STOP_WITHIN_MS).then(() => process.exit(0));
  });
  supervisor.start();
  await supervisor.ready();
  const against = simulated ? "the simulator" : `Discord, server ${process.env["PRIMARY_GUILD_ID"]}`;
  say(`\n  Live voice rooms:  ${styleText("bold", `http://localhost:${ports.hub}`)}   (${against})\n`);
}

await main();
