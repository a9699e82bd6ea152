/** What the command lines of all processes have in common. */
import { type ParseArgsConfig, parseArgs } from "node:util";
import { EXIT, type ExitCode } from "../errors/exit-code.ts";
import { codeList, explanationOf } from "../errors/explanation-text.ts";
import type { Refusal } from "./refusal.ts";

type Options = NonNullable<ParseArgsConfig["options"]>;

/** The words by `node:util`'s rules, or what is wrong with them. */
export function parseWords<const Given extends Options>(words: readonly string[], options: Given) {
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

export function print(text: string): ExitCode {
  process.stdout.write(text);
  return EXIT.ok;
}

/** `explain E014`: what an error code means and what to do; without a code, the list of them. */
export function explain(code: string | undefined, { refuse }: Refusal): ExitCode {
  const text = code === undefined ? codeList() : explanationOf(code);
  return text === undefined
    ? refuse(`there is no error code ${code}; these are:\n${codeList()}`)
    : print(text);
}
