/** `restored`: what a person says after putting back a backup of the hub's database. The hub is stopped meanwhile. */
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "@guildwire/runtime";
import { EXIT, type ExitCode } from "@guildwire/runtime/errors";
import { hubFields } from "../environment/variables.ts";
import { FILE_NAME, openDatabase } from "../store/open-database.ts";
import { beginNewEpoch } from "../store/restored-store.ts";
import { StoreError } from "../store/store-error.ts";
import { refuse } from "./refusal.ts";

export function sayRestored(environment: Environment, print: (text: string) => void): ExitCode {
  // Nothing but the directory is needed.
  const dataDir = hubFields.DATA_DIR.parse(environment["DATA_DIR"]?.trim() || undefined);
  // Opening would make one, and all would seem well.
  if (!existsSync(join(dataDir, FILE_NAME)))
    return refuse(
      `there is no ${FILE_NAME} in DATA_DIR ${dataDir}: put the copy back first, or correct DATA_DIR`,
    );
  try {
    const database = openDatabase(dataDir, { lockWaitMs: 0 });
    try {
      beginNewEpoch(database, randomBytes(9).toString("hex"));
    } finally {
      database.close();
    }
  } catch (cause) {
    if (!(cause instanceof StoreError)) throw cause;
    return refuse(`${cause.error.code} ${cause.message}`, cause.error.exitCode);
  }
  print(`  hub.sqlite in ${dataDir} begins a new epoch: pages read everything again when they come back\n`);
  return EXIT.ok;
}
