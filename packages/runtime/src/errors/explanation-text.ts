/** An error code as a person in a container reads it: a section of docs/errors.md without the repository. Pure. */
import { ERROR_CODES, type ErrorCode, type ErrorName } from "./error-code.ts";
import { EXPLANATIONS } from "./explanations.ts";

/** `undefined`: there is no such code. */
export function explanationOf(code: string): string | undefined {
  const entries = Object.entries(ERROR_CODES) as [ErrorName, ErrorCode][];
  const found = entries.find(([, error]) => error.code === code.toUpperCase());
  if (found === undefined) return undefined;
  const [key, { name, exitCode, ends }] = found;
  const { happened, does, remedy } = EXPLANATIONS[key];
  const end = ends === "never" ? "It does not end the process." : `It ends the process with ${exitCode}.`;
  const paragraphs = [
    `${code.toUpperCase()} ${name}`,
    `What happened: ${happened}`,
    `What the process does: ${does} ${end}`,
    `What to do: ${remedy}`,
  ];
  return `${paragraphs.map(filled).join("\n\n")}\n`;
}

export function codeList(): string {
  const lines = Object.values(ERROR_CODES).map(({ code, name }) => `  ${code}  ${name}`);
  return `${lines.join("\n")}\n`;
}

const LINE_MAX = 100;

function filled(paragraph: string): string {
  let column = 0;
  return paragraph
    .split(" ")
    .map((word) => {
      const breaks = column > 0 && column + 1 + word.length > LINE_MAX;
      const glue = column === 0 ? "" : breaks ? "\n" : " ";
      column = breaks ? word.length : column + glue.length + word.length;
      return glue + word;
    })
    .join("");
}
