/** Opens the hub's database file, or says in one sentence why not. Nothing is ever overwritten to make it open. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { MIGRATIONS } from "./schema.ts";
import { StoreError, storeErrorCodeOf } from "./store-error.ts";

/** Not the worker's name, so that both may share a directory. */
export const FILE_NAME = "hub.sqlite";

/** A hub that is being replaced needs a moment to end; waiting blocks the process, which has nothing else to do yet. */
const LOCK_WAIT_MS = 5_000;

export interface OpenOptions {
  readonly lockWaitMs?: number;
}

/** Throws `StoreError`. */
export function openDatabase(dataDir: string, { lockWaitMs = LOCK_WAIT_MS }: OpenOptions = {}): DatabaseSync {
  const file = join(dataDir, FILE_NAME);
  let database: DatabaseSync | undefined;
  try {
    mkdirSync(dataDir, { recursive: true });
    database = new DatabaseSync(file, { timeout: lockWaitMs });
    // EXCLUSIVE before anything is read: the lock is held until the process ends, however it ends, so there is one hub
    // per directory and no stale lock.
    database.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA trusted_schema = OFF");
    const version = versionOf(database, file);
    check(database, file);
    // Nothing was written up to here. auto_vacuum only works before the first table. FULL: a commit survives a power cut.
    database.exec(`
      PRAGMA auto_vacuum = INCREMENTAL;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA journal_size_limit = 67108864;
    `);
    migrate(database, version);
    return database;
  } catch (cause) {
    database?.close();
    throw cause instanceof StoreError ? cause : explain(cause, dataDir, file);
  }
}

function versionOf(database: DatabaseSync, file: string): number {
  const version = Number(database.prepare("PRAGMA user_version").get()?.["user_version"] ?? 0);
  if (version > MIGRATIONS.length) {
    throw new StoreError(
      "newer",
      `${file} was written by a newer Guildwire (schema ${version}, this one knows ${MIGRATIONS.length}): ` +
        "run that version, or set DATA_DIR to another directory",
    );
  }
  return version;
}

function migrate(database: DatabaseSync, version: number): void {
  // Also takes the write lock, so that a second hub is found out here at the latest.
  database.exec("BEGIN IMMEDIATE");
  const missing = MIGRATIONS.slice(version);
  for (const migration of missing) database.exec(migration);
  if (missing.length > 0) database.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
  database.exec("COMMIT");
}

/** The file is small: a look at all of it now is better than a surprise later. */
function check(database: DatabaseSync, file: string): void {
  const found = database.prepare("PRAGMA quick_check(1)").get()?.["quick_check"];
  if (found !== "ok") throw new StoreError("damaged", damaged(file), { cause: found });
}

/** What is made from the database: if that fails, the database is closed and the reason explained. */
export function openWith<Made>(dataDir: string, make: (database: DatabaseSync) => Made): Made {
  const database = openDatabase(dataDir);
  try {
    return make(database);
  } catch (cause) {
    database.close();
    throw explain(cause, dataDir, join(dataDir, FILE_NAME));
  }
}

function explain(cause: unknown, dataDir: string, file: string): StoreError {
  const code = storeErrorCodeOf(cause);
  return new StoreError(code, explanation(code, dataDir, file, cause), { cause });
}

function explanation(code: StoreError["code"], dataDir: string, file: string, cause: unknown): string {
  switch (code) {
    case "locked":
      return `another hub is using DATA_DIR ${dataDir}: stop it, or give this one a directory of its own`;
    case "damaged":
      return damaged(file);
    case "diskFull":
      return `the disk of DATA_DIR ${dataDir} is full: make room and restart`;
    case "unusable":
      return `DATA_DIR ${dataDir} cannot be written: give this user the right to, or set DATA_DIR to another directory`;
    case "newer":
    case "failed":
      return `cannot open ${file}: ${String(cause)}`;
    default:
      return code satisfies never;
  }
}

function damaged(file: string): string {
  return `${file} is damaged or not a Guildwire database: move it away to start afresh, the workers send what is true now; it was not changed`;
}
