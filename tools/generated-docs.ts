/** The documents that are made from code, as they ought to be. `generate-docs.ts` writes them, a test compares. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { withAlertsTable } from "./alert-rules.ts";
import { withVariableTables } from "./configuration-table.ts";
import { errorsPage } from "./errors-page.ts";
import { withMetricsTables } from "./metrics-tables.ts";
import { REPOSITORY } from "./source-tree.ts";

export interface GeneratedDoc {
  /** From the root of the repository. */
  readonly path: string;
  /** Made of the page as it is: what is not generated in it stays. */
  readonly make: (page: string) => string;
}

export const GENERATED_DOCS: readonly GeneratedDoc[] = [
  { path: "docs/errors.md", make: errorsPage },
  { path: "docs/configuration.md", make: withVariableTables },
  { path: "docs/operating.md", make: (page) => withAlertsTable(withMetricsTables(page)) },
];

export function readDoc(path: string): string {
  return readFileSync(join(REPOSITORY, path), "utf8");
}
