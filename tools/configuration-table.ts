/** The worker's table in docs/configuration.md, made of its schema. What stands around it is written by hand. */
import {
  SECRET_NAMES,
  VARIABLE_DOCS,
  VARIABLE_NAMES,
  workerFields,
} from "../packages/discord-gateway-worker/src/environment/variables.ts";
import { standardValue } from "../packages/service/src/index.ts";
import { table } from "./markdown.ts";

const BEGIN = "<!-- worker variables: made by `pnpm docs:generate` -->\n\n";
const END = "\n\n<!-- end of worker variables -->";

export function withWorkerTable(page: string): string {
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`no ${BEGIN.trim()} in the page`);
  return before + BEGIN + workerTable() + END + after;
}

function workerTable(): string {
  return table([
    ["variable", "default", "meaning", "example"],
    ...VARIABLE_NAMES.map((name) => {
      const { meaning, example } = VARIABLE_DOCS[name];
      const standard = standardValue(workerFields[name]);
      const file = SECRET_NAMES.includes(name) ? `; or \`${name}_FILE\`, a file that holds it` : "";
      return [
        `\`${name}\``,
        standard === undefined ? "required" : standard === null ? "none" : `\`${standard}\``,
        meaning + file,
        example,
      ];
    }),
  ]);
}
