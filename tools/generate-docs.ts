/** `pnpm docs:generate`: writes the documents that are made from code. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { GENERATED_DOCS, readDoc } from "./generated-docs.ts";
import { REPOSITORY } from "./source-tree.ts";

for (const { path, make } of GENERATED_DOCS) writeFileSync(join(REPOSITORY, path), make(readDoc(path)));
