/** Why the hub cannot use its data directory: one line for the operator, and what a supervisor should do. */

import { ERROR_CODES, type ErrorCode, type ErrorName } from "@guildwire/runtime/errors";

const ERROR_OF = {
  locked: "dataDirectoryLocked",
  damaged: "databaseUnreadable",
  newer: "databaseUnreadable",
  unusable: "dataDirectoryUnusable",
  diskFull: "diskFull",
  failed: "storageFailed",
} as const satisfies Readonly<Record<string, ErrorName>>;

export type StoreErrorCode = keyof typeof ERROR_OF;

export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  get error(): ErrorCode {
    return errorOf(this.code);
  }
}

/** As it is called in the log, and in docs/errors.md. */
export function errorOf(code: StoreErrorCode): ErrorCode {
  return ERROR_CODES[ERROR_OF[code]];
}

/** SQLite's primary result codes. Source: https://www.sqlite.org/rescode.html */
const CODE_OF: ReadonlyMap<number, StoreErrorCode> = new Map([
  [5, "locked"],
  [6, "locked"],
  [8, "unusable"],
  [11, "damaged"],
  [13, "diskFull"],
  [14, "unusable"],
  [26, "damaged"],
]);

const SYSTEM_CODES_UNUSABLE = new Set(["EACCES", "EROFS", "ENOTDIR", "EEXIST", "EPERM"]);

/** What kind of failure SQLite or the file system reports. */
export function storeErrorCodeOf(cause: unknown): StoreErrorCode {
  // What was written as JSON and no longer is.
  if (cause instanceof SyntaxError) return "damaged";
  const { errcode, code } = (cause ?? {}) as { readonly errcode?: number; readonly code?: string };
  if (errcode !== undefined) return CODE_OF.get(errcode & 0xff) ?? "failed";
  if (code === "ENOSPC") return "diskFull";
  return code !== undefined && SYSTEM_CODES_UNUSABLE.has(code) ? "unusable" : "failed";
}
