/** Whether the data directory can be used as the worker would, leaving it as it was. */
import { existsSync, rmdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { makeDirectory } from "@guildwire/runtime";
import { probeWorkerDatabase, WORKER_FILE, workerStorageError } from "../store/open-database.ts";
import { advice, type Finding, failOf, pass } from "./finding.ts";

const NAME = "data directory";

export interface DataDirQuestion {
  readonly dataDir: string;
  /** What the outbox may come to take. */
  readonly bytesMax: number;
  /** A worker of this configuration runs, and has the lock by right. */
  readonly workerRuns: boolean;
}

export function dataDirFinding({ dataDir, bytesMax, workerRuns }: DataDirQuestion): Finding {
  const path = resolve(dataDir);
  let made: readonly string[] = [];
  const probe = join(path, `.guildwire-check-${process.pid}`);
  try {
    made = makeDirectory(path);
    writeFileSync(probe, "can this be written?");
    rmSync(probe);
    if (existsSync(join(path, WORKER_FILE.name)) && !workerRuns) probeWorkerDatabase(path);
  } catch (error) {
    if (existsSync(probe)) rmSync(probe);
    return failOf(NAME, workerStorageError(error, dataDir));
  }
  const free = statfsSync(path);
  const freeBytes = free.bavail * free.bsize;
  for (const directory of made.toReversed()) rmdirSync(directory);
  const state = workerRuns ? "in use by the running worker" : made.length > 0 ? "can be made" : "writable";
  const detail = `${path} ${state}, ${Math.floor(freeBytes / 1_048_576)} MiB free`;
  // The outbox at its bound, the fifth more that its rows take, and SQLite's log beside it.
  return freeBytes < bytesMax * 1.5
    ? advice(NAME, detail, "make room, or lower OUTBOX_BYTES_MAX: a full outbox would fill this disk")
    : pass(NAME, detail);
}
