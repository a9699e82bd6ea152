/** What SQLite or the file system reports, as a kind of failure and an error code. */
import { ERROR_CODES, type ErrorCode, type ErrorName } from "../errors/error-code.ts";
import { ProcessError } from "../errors/process-error.ts";

const ERROR_OF = {
  locked: "dataDirectoryLocked",
  damaged: "databaseUnreadable",
  newer: "databaseUnreadable",
  unusable: "dataDirectoryUnusable",
  diskFull: "diskFull",
  failed: "storageFailed",
} as const satisfies Readonly<Record<string, ErrorName>>;

export type StorageErrorCode = keyof typeof ERROR_OF;

/** The data directory cannot be used. */
export class StorageError extends ProcessError {
  override readonly name = "StorageError";
  readonly code: StorageErrorCode;

  constructor(code: StorageErrorCode, message: string, options?: ErrorOptions) {
    super(ERROR_OF[code], message, options);
    this.code = code;
  }
}

/** As it is called in the log, and in docs/errors.md. */
export function storageErrorCode(code: StorageErrorCode): ErrorCode {
  return ERROR_CODES[ERROR_OF[code]];
}

/** SQLite's primary result codes. Source: https://www.sqlite.org/rescode.html */
const SQLITE: ReadonlyMap<number, StorageErrorCode> = new Map([
  [5, "locked"],
  [6, "locked"],
  [8, "unusable"],
  [11, "damaged"],
  [13, "diskFull"],
  [14, "unusable"],
  [26, "damaged"],
]);

const SYSTEM: ReadonlyMap<string, StorageErrorCode> = new Map([
  ["ENOSPC", "diskFull"],
  ...["EACCES", "EROFS", "ENOTDIR", "EEXIST", "EPERM", "ENOENT"].map((code) => [code, "unusable"] as const),
]);

/** The kind of failure; `undefined` when neither SQLite, the file system nor stored JSON caused it. */
export function storageFailureOf(cause: unknown): StorageErrorCode | undefined {
  // Stored JSON that no longer is any.
  if (cause instanceof SyntaxError) return "damaged";
  const { errcode, code = "" } = (cause ?? {}) as { readonly errcode?: number; readonly code?: string };
  return errcode === undefined ? SYSTEM.get(code) : (SQLITE.get(errcode & 0xff) ?? "failed");
}
