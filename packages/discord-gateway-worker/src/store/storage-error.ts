/** From what SQLite or the file system says to what a person should read and do. */
import { WorkerError } from "../worker-error.ts";

/** SQLite's primary result codes. Source: https://www.sqlite.org/rescode.html */
const SQLITE = {
  busy: 5,
  locked: 6,
  readOnly: 8,
  corrupt: 11,
  full: 13,
  cantOpen: 14,
  notADatabase: 26,
} as const;

const UNUSABLE: ReadonlySet<string> = new Set(["EACCES", "EPERM", "EROFS", "ENOTDIR", "EEXIST", "ENOENT"]);

/** Whatever is thrown where the store is opened, read or written. What storage did not cause is a bug of ours. */
export function storageError(error: unknown, dataDir: string): WorkerError {
  if (error instanceof WorkerError) return error;
  const cause = { cause: error };
  const { errcode, code } = error as { readonly errcode?: number; readonly code?: string };
  if (errcode !== undefined) return sqliteError(errcode & 0xff, dataDir, cause);
  if (code === "ENOSPC") return diskFull(dataDir, cause);
  if (code !== undefined && UNUSABLE.has(code)) return unusable(dataDir, cause);
  return new WorkerError("crashed", `a bug of Guildwire: ${String(error)}`, cause);
}

function sqliteError(primaryCode: number, dataDir: string, cause: ErrorOptions): WorkerError {
  switch (primaryCode) {
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
        "databaseUnreadable",
        `worker.sqlite in DATA_DIR ${dataDir} is damaged or not a Guildwire database: ` +
          "move it away to start afresh; it was not changed",
        cause,
      );
    case SQLITE.full:
      return diskFull(dataDir, cause);
    case SQLITE.readOnly:
    case SQLITE.cantOpen:
      return unusable(dataDir, cause);
    default:
      return new WorkerError(
        "storageFailed",
        `cannot read or write worker.sqlite in DATA_DIR ${dataDir}: ${String(cause.cause)}`,
        cause,
      );
  }
}

function diskFull(dataDir: string, cause: ErrorOptions): WorkerError {
  return new WorkerError(
    "diskFull",
    `the disk of DATA_DIR ${dataDir} is full: make room; after a restart nothing is missing`,
    cause,
  );
}

function unusable(dataDir: string, cause: ErrorOptions): WorkerError {
  return new WorkerError(
    "dataDirectoryUnusable",
    `DATA_DIR ${dataDir} cannot be written: give this user the right to, or set DATA_DIR to another directory`,
    cause,
  );
}
