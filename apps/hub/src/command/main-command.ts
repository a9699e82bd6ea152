/** From the words of the command line to the hub, or to one of the commands about it. */
import { codeList, EXIT, explanationOf } from "@guildwire/runtime/errors";
import { VERSION } from "../build-info.ts";
import { readCommand, USAGE } from "./command-line.ts";
import { printStatus, tokenOf } from "./read-status.ts";
import { refuse } from "./refusal.ts";
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
      return print(USAGE);
    case "version":
      return print(`${VERSION}\n`);
    case "status":
      process.exitCode = await printStatus(command, process.env, print);
      return;
    case "status-token":
      return printToken();
    case "restored":
      process.exitCode = sayRestored(process.env, print);
      return;
    case "explain":
      return explain(command.code);
  }
}

function print(text: string): void {
  process.stdout.write(text);
  process.exitCode = EXIT.ok;
}

function printToken(): void {
  const token = tokenOf(process.env);
  if (token !== undefined) print(`${token}\n`);
  else
    process.exitCode = refuse(
      "HUB_SECRET is missing or the configuration has mistakes; start the hub to see them",
    );
}

function explain(code: string | undefined): void {
  const text = code === undefined ? codeList() : explanationOf(code);
  if (text !== undefined) print(text);
  else process.exitCode = refuse(`there is no error code ${code}; these are:\n${codeList()}`);
}
