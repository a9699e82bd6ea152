/** Opens a SQLite file, or reports in one sentence why it cannot. Nothing is overwritten to make it open. */
import { join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { makeDirectory } from "../directory.ts";
import { crashed, ProcessError } from "../errors/process-error.ts";
import { StorageError, type StorageErrorCode, storageFailureOf } from "./storage-error.ts";

export interface DatabaseFile {
  /** In `DATA_DIR`; each process has its own, so that several may share a directory. */
  readonly name: string;
  /** The process that uses it: `worker`, `hub`. */
  readonly owner: string;
  /** Forward only: a file is at the version that is the number of migrations it has had. */
  readonly migrations: readonly string[];
  /** FULL: a commit survives a power cut. NORMAL: the last ones may not; the file stays whole. */
  readonly synchronous: "FULL" | "NORMAL";
  /** For the message about a damaged file, such as "the workers send what is true now"; `null`: nothing to add. */
  readonly whenMovedAway: string | null;
  /** A check of the whole file at each start: for small files. */
  readonly checksWhole: boolean;
}

export interface OpenOptions {
  /** How long to wait for a process that is being replaced. Waiting blocks this process. Default 0. */
  readonly lockWaitMs?: number;
}

/** @throws StorageError */
export function openDatabase(
  dataDir: string,
  file: DatabaseFile,
  { lockWaitMs = 0 }: OpenOptions = {},
): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    makeDirectory(resolve(dataDir));
    database = new DatabaseSync(join(dataDir, file.name), { timeout: lockWaitMs });
    // EXCLUSIVE before WAL: the lock is held until the process ends, however it ends, so one process has the file and no
    // lock is left behind.
    database.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA trusted_schema = OFF");
    const version = versionOf(database, dataDir, file);
    if (file.checksWhole) checkWhole(database, dataDir, file);
    // INCREMENTAL: the file can shrink after a backlog. It only works before the first page is written.
    if (version === 0) database.exec("PRAGMA auto_vacuum = INCREMENTAL");
    database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = ${file.synchronous};
      PRAGMA journal_size_limit = 67108864;
    `);
    migrate(database, version, file);
    return database;
  } catch (cause) {
    database?.close();
    throw storageError(cause, dataDir, file);
  }
}

/** What `make` makes from the database. If that fails, the database is closed. @throws StorageError */
export function openWith<Made>(
  dataDir: string,
  file: DatabaseFile,
  make: (database: DatabaseSync) => Made,
  options: OpenOptions = {},
): Made {
  const database = openDatabase(dataDir, file, options);
  try {
    return make(database);
  } catch (cause) {
    database.close();
    throw storageError(cause, dataDir, file);
  }
}

/** Takes the lock of an existing file and releases it, changing nothing. @throws StorageError as opening would. */
export function probeDatabase(dataDir: string, file: DatabaseFile): void {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(join(dataDir, file.name));
    database.exec("PRAGMA locking_mode = EXCLUSIVE");
    versionOf(database, dataDir, file);
    database.exec("BEGIN IMMEDIATE; ROLLBACK");
  } catch (cause) {
    throw storageError(cause, dataDir, file);
  } finally {
    database?.close();
  }
}

/** 0 for a new file. Reads only: a file of another program, or of a newer version, stays as it is. */
function versionOf(database: DatabaseSync, dataDir: string, { name, migrations }: DatabaseFile): number {
  const path = join(dataDir, name);
  const version = numberOf(database, "PRAGMA user_version");
  if (version > migrations.length) {
    throw new StorageError(
      "newer",
      `${path} was written by a newer Guildwire (schema ${version}, this one knows ${migrations.length}): ` +
        "run that version, or set DATA_DIR to another directory",
    );
  }
  if (version === 0 && numberOf(database, "SELECT count(*) FROM sqlite_schema") > 0) {
    throw new StorageError(
      "damaged",
      `${path} is the database of another program: set DATA_DIR to another directory; it was not changed`,
    );
  }
  return version;
}

function checkWhole(database: DatabaseSync, dataDir: string, file: DatabaseFile): void {
  const found = database.prepare("PRAGMA quick_check(1)").get()?.["quick_check"];
  if (found !== "ok")
    throw new StorageError("damaged", messageOf("damaged", dataDir, file), { cause: found });
}

const INCREMENTAL = 2;

/** A file that needs nothing is not written to: it may be damaged further on, and then it stays as it is. */
function migrate(database: DatabaseSync, version: number, { migrations }: DatabaseFile): void {
  // Takes the write lock in any case, so that a second process is found here.
  if (version === migrations.length) {
    database.exec("BEGIN IMMEDIATE; COMMIT");
    return;
  }
  // A file from before the setting takes it on only when it is rewritten.
  if (version > 0 && numberOf(database, "PRAGMA auto_vacuum") !== INCREMENTAL)
    database.exec("PRAGMA auto_vacuum = INCREMENTAL; VACUUM");
  database.exec("BEGIN IMMEDIATE");
  for (const migration of migrations.slice(version)) database.exec(migration);
  database.exec(`PRAGMA user_version = ${migrations.length}; COMMIT`);
}

/** For anything thrown where a store is opened, read or written. A cause outside the storage is a bug of ours. */
export function storageError(cause: unknown, dataDir: string, file: DatabaseFile): ProcessError {
  if (cause instanceof ProcessError) return cause;
  const code = storageFailureOf(cause);
  if (code === undefined) return crashed(cause);
  return new StorageError(code, messageOf(code, dataDir, file, cause), { cause });
}

function messageOf(code: StorageErrorCode, dataDir: string, file: DatabaseFile, cause?: unknown): string {
  const { name, owner, whenMovedAway } = file;
  switch (code) {
    case "locked":
      return `another ${owner} is using DATA_DIR ${dataDir}: stop it, or give this one a directory of its own`;
    case "damaged":
      return (
        `${name} in DATA_DIR ${dataDir} is damaged or not a Guildwire database: move it away to start afresh` +
        `${whenMovedAway === null ? "" : `, ${whenMovedAway}`}; it was not changed`
      );
    case "diskFull":
      return `the disk of DATA_DIR ${dataDir} is full: make room; after a restart nothing is missing`;
    case "unusable":
      return `DATA_DIR ${dataDir} cannot be written: give this user the right to, or set DATA_DIR to another directory`;
    case "newer":
    case "failed":
      return `cannot read or write ${name} in DATA_DIR ${dataDir}: ${String(cause)}`;
  }
}

function numberOf(database: DatabaseSync, query: string): number {
  return Number(Object.values(database.prepare(query).get() ?? {})[0] ?? 0);
}
