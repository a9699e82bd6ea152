/** Opens the database file, or says in one sentence why not. Nothing is ever overwritten to make it open. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { WorkerError } from "../error-code.ts";
import { MIGRATIONS } from "./schema.ts";

const FILE_NAME = "worker.sqlite";

export function openDatabase(dataDir: string): DatabaseSync {
  const file = join(dataDir, FILE_NAME);
  let database: DatabaseSync | undefined;
  try {
    mkdirSync(dataDir, { recursive: true });
    database = new DatabaseSync(file);
    // EXCLUSIVE before WAL: the lock is held until the process ends, however it ends, so that there is one worker per
    // directory and no stale lock. FULL: a commit survives a power cut, at the price of one fsync per commit.
    database.exec(`
      PRAGMA locking_mode = EXCLUSIVE;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA journal_size_limit = 67108864;
      PRAGMA trusted_schema = OFF;
    `);
    migrate(database, file);
    return database;
  } catch (error) {
    database?.close();
    throw error instanceof WorkerError ? error : explain(error, dataDir, file);
  }
}

function migrate(database: DatabaseSync, file: string): void {
  const version = Number(database.prepare("PRAGMA user_version").get()?.["user_version"] ?? 0);
  if (version > MIGRATIONS.length) {
    throw new WorkerError(
      "storageFailed",
      `${file} was written by a newer Guildwire (schema ${version}, this one knows ${MIGRATIONS.length}): ` +
        "run that version, or set DATA_DIR to another directory",
    );
  }
  // Also takes the write lock, so that a second worker is found out here.
  database.exec("BEGIN IMMEDIATE");
  for (const migration of MIGRATIONS.slice(version)) database.exec(migration);
  database.exec(`PRAGMA user_version = ${MIGRATIONS.length}; COMMIT`);
}

/** SQLite's primary result codes. Source: https://www.sqlite.org/rescode.html */
const SQLITE = {
  busy: 5,
  locked: 6,
  readOnly: 8,
  full: 13,
  cantOpen: 14,
  corrupt: 11,
  notADatabase: 26,
} as const;

function explain(error: unknown, dataDir: string, file: string): WorkerError {
  const cause = { cause: error };
  const { errcode, code } = error as { errcode?: number; code?: string };
  switch (errcode === undefined ? undefined : errcode & 0xff) {
    case SQLITE.busy:
    case SQLITE.locked:
      return new WorkerError(
        "dataDirectoryLocked",
        `another worker is using DATA_DIR ${dataDir}: stop it, or give this one a directory of its own`,
        cause,
      );
    case SQLITE.corrupt:
    case SQLITE.notADatabase:
      return new WorkerError(
        "storageFailed",
        `${file} is damaged or not a Guildwire database: move it away to start afresh; it was not changed`,
        cause,
      );
    case SQLITE.full:
      return new WorkerError(
        "diskFull",
        `the disk of DATA_DIR ${dataDir} is full: make room and restart`,
        cause,
      );
    case SQLITE.readOnly:
    case SQLITE.cantOpen:
      return unusable(dataDir, cause);
    default:
      if (code === "EACCES" || code === "EROFS" || code === "ENOTDIR" || code === "EEXIST") {
        return unusable(dataDir, cause);
      }
      return new WorkerError("storageFailed", `cannot open ${file}: ${String(error)}`, cause);
  }
}

function unusable(dataDir: string, cause: ErrorOptions): WorkerError {
  return new WorkerError(
    "dataDirectoryUnusable",
    `DATA_DIR ${dataDir} cannot be written: give this user the right to, or set DATA_DIR to another directory`,
    cause,
  );
}
