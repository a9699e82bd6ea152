/** The worker's database file. */
import type { DatabaseSync } from "node:sqlite";
import { type DatabaseFile, openDatabase, probeDatabase, storageError } from "@guildwire/runtime/database";
import type { ProcessError } from "@guildwire/runtime/errors";
import { MIGRATIONS } from "./schema.ts";

export const WORKER_FILE: DatabaseFile = {
  name: "worker.sqlite",
  owner: "worker",
  migrations: MIGRATIONS,
  synchronous: "FULL",
  whenMovedAway: null,
  // A backlog may be hundreds of MB.
  checksWhole: false,
};

/** @throws ProcessError */
export function openWorkerDatabase(dataDir: string): DatabaseSync {
  return openDatabase(dataDir, WORKER_FILE);
}

/** Takes the lock of the existing file and releases it. @throws ProcessError as opening would. */
export function probeWorkerDatabase(dataDir: string): void {
  probeDatabase(dataDir, WORKER_FILE);
}

/** For anything thrown where the store is opened, read or written. */
export function workerStorageError(cause: unknown, dataDir: string): ProcessError {
  return storageError(cause, dataDir, WORKER_FILE);
}
