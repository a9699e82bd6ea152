/** Opens the database file, or says in one sentence why not. Nothing is ever overwritten to make it open. */
import { join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { makeDirectory } from "@guildwire/runtime";
import { WorkerError } from "../worker-error.ts";
import { MIGRATIONS } from "./schema.ts";
import { storageError } from "./storage-error.ts";

export const DATABASE_FILE = "worker.sqlite";

export function openDatabase(dataDir: string): DatabaseSync {
  const file = join(dataDir, DATABASE_FILE);
  let database: DatabaseSync | undefined;
  try {
    makeDirectory(resolve(dataDir));
    database = new DatabaseSync(file);
    // EXCLUSIVE before WAL: the lock is held until the process ends, however it ends, so that there is one worker per
    // directory and no stale lock.
    database.exec("PRAGMA locking_mode = EXCLUSIVE");
    const version = ownVersion(database, file);
    // INCREMENTAL: the file can shrink after a backlog. It has to be said before the first page is written, and only
    // then, because saying it writes. FULL: a commit survives a power cut, at the price of one fsync per commit.
    if (version === 0) database.exec("PRAGMA auto_vacuum = INCREMENTAL");
    database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA journal_size_limit = 67108864;
      PRAGMA trusted_schema = OFF;
    `);
    migrate(database, version);
    return database;
  } catch (error) {
    database?.close();
    throw storageError(error, dataDir);
  }
}

/** Takes the lock of an existing file and leaves it again, changing nothing. @throws WorkerError as opening would. */
export function probeDatabase(dataDir: string): void {
  const file = join(dataDir, DATABASE_FILE);
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file);
    database.exec("PRAGMA locking_mode = EXCLUSIVE");
    ownVersion(database, file);
    database.exec("BEGIN IMMEDIATE; ROLLBACK");
  } catch (error) {
    throw storageError(error, dataDir);
  } finally {
    database?.close();
  }
}

/** Its schema version, 0 for a new file. Reads only: what is not ours, or newer than us, stays as it is. */
function ownVersion(database: DatabaseSync, file: string): number {
  const version = numberOf(database, "PRAGMA user_version");
  if (version > MIGRATIONS.length) {
    throw new WorkerError(
      "databaseUnreadable",
      `${file} was written by a newer Guildwire (schema ${version}, this one knows ${MIGRATIONS.length}): ` +
        "run that version, or set DATA_DIR to another directory",
    );
  }
  if (version === 0 && numberOf(database, "SELECT count(*) FROM sqlite_schema") > 0) {
    throw new WorkerError(
      "databaseUnreadable",
      `${file} is the database of another program: set DATA_DIR to another directory; it was not changed`,
    );
  }
  return version;
}

const INCREMENTAL = 2;

/** A file that needs nothing is not written to: it may be damaged further on, and then it is to stay as it is. */
function migrate(database: DatabaseSync, version: number): void {
  // Takes the write lock in any case, so that a second worker is found out here.
  if (version === MIGRATIONS.length) {
    database.exec("BEGIN IMMEDIATE; COMMIT");
    return;
  }
  // A file from before the setting takes it on only by being written anew.
  if (version > 0 && numberOf(database, "PRAGMA auto_vacuum") !== INCREMENTAL)
    database.exec("PRAGMA auto_vacuum = INCREMENTAL; VACUUM");
  database.exec("BEGIN IMMEDIATE");
  for (const migration of MIGRATIONS.slice(version)) database.exec(migration);
  database.exec(`PRAGMA user_version = ${MIGRATIONS.length}; COMMIT`);
}

function numberOf(database: DatabaseSync, query: string): number {
  return Number(Object.values(database.prepare(query).get() ?? {})[0] ?? 0);
}
