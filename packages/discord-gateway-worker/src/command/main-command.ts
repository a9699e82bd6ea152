/** From the words of the command line to the worker, or to one of the commands about it. */
import { VERSION } from "../build-info.ts";
import { runWorkerProcess } from "../worker-process.ts";
import { readCommand } from "./command-line.ts";
import { refuse } from "./refusal.ts";

export async function runMain(words: readonly string[]): Promise<void> {
  const outcome = readCommand(words, Date.now());
  if (!outcome.ok) {
    process.exitCode = refuse(`${outcome.problem}; \`help\` lists the commands`);
    return;
  }
  if (outcome.command.name === "run") {
    await runWorkerProcess();
    return;
  }
  // A worker that runs for months does not carry the commands about it.
  const { runCommand } = await import("./run-command.ts");
  process.exitCode = await runCommand(outcome.command, process.env, VERSION);
}
