#!/usr/bin/env node
import { flagOf, parseCli, USAGE } from "./cli-arguments.ts";
import { createDiscordSim, type DiscordSim } from "./discord-sim.ts";
import { SimError } from "./sim-error.ts";
import type { SimOptions } from "./sim-options.ts";

/**
 * The stand-in as a process: `guildwire-sim --help`. It ends with 0 on SIGTERM or SIGINT, with 1 when it cannot start
 * and with 2 when it was called wrongly.
 */
async function main(): Promise<void> {
  const request = parseCli(process.argv.slice(2));
  switch (request.kind) {
    case "help":
      process.stdout.write(USAGE);
      return;
    case "mistake":
      fail(2, `${request.message}\nTry --help.`);
      return;
    case "run":
      await run(request.options, request.json);
  }
}

async function run(options: SimOptions, json: boolean): Promise<void> {
  let sim: DiscordSim;
  try {
    sim = await createDiscordSim(options);
  } catch (error) {
    if (!(error instanceof SimError)) throw error;
    fail(error.code === "OPTION_INVALID" ? 2 : 1, explain(error));
    return;
  }
  const stop = (): void => void sim.close();
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  // Last, because whoever reads this may send a signal at once.
  process.stdout.write(json ? `${JSON.stringify(announcement(sim))}\n` : greeting(sim));
}

function explain(error: SimError): string {
  const { code, field, message } = error;
  if (code === "OPTION_INVALID" && field !== undefined) {
    return `${flagOf(field)}${message.slice(field.length)}\nTry --help.`;
  }
  if (code === "PORT_TAKEN") return `${message}: choose another with --port, or --port 0 for any free one`;
  return message;
}

/** The variables a worker needs to meet the stand-in instead of Discord. */
function workerEnvironment(sim: DiscordSim): Readonly<Record<string, string>> {
  return {
    DISCORD_API_URL: sim.apiUrl,
    DISCORD_BOT_TOKEN: sim.token,
    PRIMARY_GUILD_ID: sim.guildId,
  };
}

function announcement(sim: DiscordSim): Readonly<Record<string, unknown>> {
  const { port, apiUrl, gatewayUrl, controlUrl, token, guildId } = sim;
  return { port, apiUrl, gatewayUrl, controlUrl, token, guildId, env: workerEnvironment(sim) };
}

function greeting(sim: DiscordSim): string {
  const environment = Object.entries(workerEnvironment(sim)).map(([name, value]) => `${name}=${value}`);
  return [
    `Discord stand-in listening on port ${sim.port}`,
    `  rest     ${sim.apiUrl}`,
    `  gateway  ${sim.gatewayUrl}`,
    `  control  ${sim.controlUrl}`,
    `  token    ${sim.token}`,
    `  guild    ${sim.guildId}  ${sim.world().guild.name}`,
    "",
    "Run the worker against it with:",
    ...environment,
    "",
  ].join("\n");
}

function fail(exitCode: number, message: string): void {
  process.stderr.write(`guildwire-sim: ${message}\n`);
  process.exitCode = exitCode;
}

await main();
