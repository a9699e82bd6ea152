/** From the words of the command line to the hub, or to one of the commands about it. */
import { explain, print } from "@guildwire/runtime/process";
import { VERSION } from "../build-info.ts";
import { readCommand, USAGE } from "./command-line.ts";
import { printStatus, tokenOf } from "./read-status.ts";
import { REFUSAL, refuse } from "./refusal.ts";
import { sayRestored } from "./say-restored.ts";

/** `run` runs the hub proper, of which the other commands load nothing. */
export async function runMain(words: readonly string[], run: () => Promise<void>): Promise<void> {
  const outcome = readCommand(words);
  if (!outcome.ok) {
    process.exitCode = refuse(`${outcome.problem}; \`help\` lists the commands`);
    return;
  }
  const { command } = outcome;
  switch (command.name) {
    case "run":
      return await run();
    case "help":
      process.exitCode = print(USAGE);
      return;
    case "version":
      process.exitCode = print(`${VERSION}\n`);
      return;
    case "status":
      process.exitCode = await printStatus(command, process.env, print);
      return;
    case "status-token":
      return printToken();
    case "restored":
      process.exitCode = sayRestored(process.env, print);
      return;
    case "explain":
      process.exitCode = explain(command.code, REFUSAL);
      return;
  }
}

function printToken(): void {
  const token = tokenOf(process.env);
  process.exitCode =
    token === undefined
      ? refuse("HUB_SECRET is missing or the configuration has mistakes; start the hub to see them")
      : print(`${token}\n`);
}
