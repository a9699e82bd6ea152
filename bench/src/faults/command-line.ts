import { parseArgs } from "node:util";
import { CLIENTS, type ClientEntry } from "./client-table.ts";
import { SCENARIOS } from "./scenarios/index.ts";
import type { Scenario } from "./scenarios/scenario.ts";

export interface Selection {
  readonly clients: readonly ClientEntry[];
  readonly scenarios: readonly Scenario[];
  /** Trials at a time. */
  readonly parallel: number;
  /** Trials for each cell, of which the worst is kept. */
  readonly trials: number;
  readonly reportOnly: boolean;
}

export const USAGE = `pnpm bench:faults [--only <client>]… [--scenario <name>]… [--quick] [--parallel <n>] [--trials <n>] [--report]

  --only       a column: ${CLIENTS.map(({ name }) => name).join(", ")}
  --scenario   a row: ${SCENARIOS.map(({ name }) => name).join(", ")}
  --quick      only three of the close codes
  --parallel   trials at a time (3)
  --trials     trials for each cell, of which the worst is kept (1)
  --report     write FAULTS.md from the last results, run nothing
`;

/** `undefined` when the arguments make no sense. */
export function selectionOf(args: readonly string[]): Selection | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: "string", multiple: true },
      scenario: { type: "string", multiple: true },
      quick: { type: "boolean", default: false },
      parallel: { type: "string", default: "3" },
      trials: { type: "string", default: "1" },
      report: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const chosen = <T extends { name: string }>(
    all: readonly T[],
    names: readonly string[] | undefined,
  ): readonly T[] => (names === undefined ? all : all.filter(({ name }) => names.includes(name)));
  const clients = chosen(CLIENTS, values.only);
  const scenarios = chosen(SCENARIOS, values.scenario).filter(({ slow }) => !(values.quick && slow === true));
  const counts = { parallel: Number(values.parallel), trials: Number(values.trials) };
  const countable = Object.values(counts).every((count) => Number.isInteger(count) && count >= 1);
  if (values.help || !countable || clients.length === 0 || scenarios.length === 0) return undefined;
  return { clients, scenarios, ...counts, reportOnly: values.report };
}
