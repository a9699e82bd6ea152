/** `restored`: what a person says after putting back a backup of the hub's database. The hub is stopped meanwhile. */
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "@guildwire/runtime";
import { openDatabase, StorageError } from "@guildwire/runtime/database";
import { EXIT, type ExitCode } from "@guildwire/runtime/errors";
import { hubFields } from "../environment/variables.ts";
import { HUB_FILE } from "../store/hub-file.ts";
import { beginNewEpoch } from "../store/restored-store.ts";
import { refuse } from "./refusal.ts";

export function sayRestored(environment: Environment, print: (text: string) => void): ExitCode {
  // Nothing but the directory is needed.
  const dataDir = hubFields.DATA_DIR.parse(environment["DATA_DIR"]?.trim() || undefined);
  // Opening would make one, and all would seem well.
  if (!existsSync(join(dataDir, HUB_FILE.name)))
    return refuse(
      `there is no ${HUB_FILE.name} in DATA_DIR ${dataDir}: put the copy back first, or correct DATA_DIR`,
    );
  try {
    const database = openDatabase(dataDir, HUB_FILE);
    try {
      beginNewEpoch(database, randomBytes(9).toString("hex"));
    } finally {
      database.close();
    }
  } catch (cause) {
    if (!(cause instanceof StorageError)) throw cause;
    return refuse(`${cause.error.code} ${cause.message}`, cause.error.exitCode);
  }
  print(`  hub.sqlite in ${dataDir} begins a new epoch: pages read everything again when they come back\n`);
  return EXIT.ok;
}
