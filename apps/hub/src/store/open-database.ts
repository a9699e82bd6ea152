/** Opens a database file of the hub, or says in one sentence why not. Nothing is ever overwritten to make it open. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { MIGRATIONS } from "./schema.ts";
import { StoreError, storeErrorCodeOf } from "./store-error.ts";

export interface DatabaseFile {
  /** Not the worker's name, so that both may share a directory. */
  readonly name: string;
  readonly migrations: readonly string[];
  /** FULL: a commit survives a power cut. NORMAL: the last ones may not, and what is there is whole. */
  readonly synchronous: "FULL" | "NORMAL";
  /** What starting afresh costs. */
  readonly whatIsLost: string;
}

export const FILE_NAME = "hub.sqlite";

/** Topics and cursors. */
export const HUB_FILE: DatabaseFile = {
  name: FILE_NAME,
  migrations: MIGRATIONS,
  synchronous: "FULL",
  whatIsLost: "the workers send what is true now",
};

/** A hub that is being replaced needs a moment to end; waiting blocks the process, which has nothing else to do yet. */
const LOCK_WAIT_MS = 5_000;

export interface OpenOptions {
  readonly file?: DatabaseFile;
  readonly lockWaitMs?: number;
}

/** Throws `StoreError`. */
export function openDatabase(
  dataDir: string,
  { file = HUB_FILE, lockWaitMs = LOCK_WAIT_MS }: OpenOptions = {},
): DatabaseSync {
  const path = join(dataDir, file.name);
  let database: DatabaseSync | undefined;
  try {
    mkdirSync(dataDir, { recursive: true });
    database = new DatabaseSync(path, { timeout: lockWaitMs });
    // EXCLUSIVE before anything is read: the lock is held until the process ends, however it ends, so there is one hub
    // per directory and no stale lock.
    database.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA trusted_schema = OFF");
    const version = versionOf(database, path, file);
    check(database, path, file);
    // Nothing was written up to here. auto_vacuum only works before the first table.
    database.exec(`
      PRAGMA auto_vacuum = INCREMENTAL;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = ${file.synchronous};
      PRAGMA journal_size_limit = 67108864;
    `);
    migrate(database, version, file);
    return database;
  } catch (cause) {
    database?.close();
    throw cause instanceof StoreError ? cause : explain(cause, dataDir, file);
  }
}

function versionOf(database: DatabaseSync, path: string, { migrations }: DatabaseFile): number {
  const version = Number(database.prepare("PRAGMA user_version").get()?.["user_version"] ?? 0);
  if (version > migrations.length) {
    throw new StoreError(
      "newer",
      `${path} was written by a newer Guildwire (schema ${version}, this one knows ${migrations.length}): ` +
        "run that version, or set DATA_DIR to another directory",
    );
  }
  return version;
}

function migrate(database: DatabaseSync, version: number, { migrations }: DatabaseFile): void {
  // Also takes the write lock, so that a second hub is found out here at the latest.
  database.exec("BEGIN IMMEDIATE");
  const missing = migrations.slice(version);
  for (const migration of missing) database.exec(migration);
  if (missing.length > 0) database.exec(`PRAGMA user_version = ${migrations.length}`);
  database.exec("COMMIT");
}

/** The file is small: a look at all of it now is better than a surprise later. */
function check(database: DatabaseSync, path: string, file: DatabaseFile): void {
  const found = database.prepare("PRAGMA quick_check(1)").get()?.["quick_check"];
  if (found !== "ok") throw new StoreError("damaged", damaged(path, file), { cause: found });
}

/** What is made from the database: if that fails, the database is closed and the reason explained. */
export function openWith<Made>(
  dataDir: string,
  make: (database: DatabaseSync) => Made,
  options: OpenOptions = {},
): Made {
  const database = openDatabase(dataDir, options);
  try {
    return make(database);
  } catch (cause) {
    database.close();
    throw explain(cause, dataDir, options.file ?? HUB_FILE);
  }
}

function explain(cause: unknown, dataDir: string, file: DatabaseFile): StoreError {
  const code = storeErrorCodeOf(cause);
  return new StoreError(code, explanation(code, dataDir, file, cause), { cause });
}

function explanation(code: StoreError["code"], dataDir: string, file: DatabaseFile, cause: unknown): string {
  const path = join(dataDir, file.name);
  switch (code) {
    case "locked":
      return `another hub is using DATA_DIR ${dataDir}: stop it, or give this one a directory of its own`;
    case "damaged":
      return damaged(path, file);
    case "diskFull":
      return `the disk of DATA_DIR ${dataDir} is full: make room and restart`;
    case "unusable":
      return `DATA_DIR ${dataDir} cannot be written: give this user the right to, or set DATA_DIR to another directory`;
    case "newer":
    case "failed":
      return `cannot open ${path}: ${String(cause)}`;
    default:
      return code satisfies never;
  }
}

function damaged(path: string, { whatIsLost }: DatabaseFile): string {
  return `${path} is damaged or not a Guildwire database: move it away to start afresh, ${whatIsLost}; it was not changed`;
}
