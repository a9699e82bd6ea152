/** The tables in docs/configuration.md, made of the schemas. What stands around them is written by hand. */
import {
  HUB_SECRET_NAMES,
  HUB_VARIABLE_DOCS,
  HUB_VARIABLE_NAMES,
  hubFields,
} from "../apps/hub/src/environment/variables.ts";
import {
  SECRET_NAMES,
  VARIABLE_DOCS,
  VARIABLE_NAMES,
  workerFields,
} from "../packages/discord-gateway-worker/src/environment/variables.ts";
import { FILE_SUFFIX, type Fields, standardValue, type VariableDoc } from "../packages/runtime/src/index.ts";
import { table, withGenerated } from "./markdown.ts";

export interface ProcessVariables {
  /** As its section of the page calls it. */
  readonly process: "worker" | "hub";
  readonly names: readonly string[];
  readonly secrets: readonly string[];
  readonly fields: Fields;
  readonly docs: Readonly<Record<string, VariableDoc>>;
}

export const PROCESSES: readonly ProcessVariables[] = [
  {
    process: "worker",
    names: VARIABLE_NAMES,
    secrets: SECRET_NAMES,
    fields: workerFields,
    docs: VARIABLE_DOCS,
  },
  {
    process: "hub",
    names: HUB_VARIABLE_NAMES,
    secrets: HUB_SECRET_NAMES,
    fields: hubFields,
    docs: HUB_VARIABLE_DOCS,
  },
];

export function withVariableTables(page: string): string {
  return PROCESSES.reduce(
    (text, variables) => withGenerated(text, `${variables.process} variables`, variableTable(variables)),
    page,
  );
}

function variableTable({ names, secrets, fields, docs }: ProcessVariables): string {
  return table([
    ["variable", "default", "meaning", "example"],
    ...names.map((name) => {
      const { meaning = "", example = "", standard } = docs[name] ?? {};
      const file = secrets.includes(name) ? `; or \`${name}${FILE_SUFFIX}\`, a file that holds it` : "";
      return [`\`${name}\``, standard ?? shownStandard(fields[name]), meaning + file, example];
    }),
  ]);
}

function shownStandard(field: Fields[string] | undefined): string {
  const standard = field === undefined ? undefined : standardValue(field);
  return standard === undefined ? "required" : standard === null ? "none" : `\`${standard}\``;
}
