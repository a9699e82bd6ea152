/** Why the hub cannot use its data directory: one line for the operator, and what a supervisor should do. */

/** Exit codes after sysexits.h, as the worker's. */
const EXIT = {
  /** EX_TEMPFAIL: it may go away by itself; start again. */
  restartMe: 75,
  /** EX_CONFIG: nothing will change until a person changes something. */
  fixMe: 78,
} as const;

const EXIT_OF = {
  locked: EXIT.fixMe,
  damaged: EXIT.fixMe,
  newer: EXIT.fixMe,
  unusable: EXIT.fixMe,
  diskFull: EXIT.restartMe,
  failed: EXIT.restartMe,
} as const;

export type StoreErrorCode = keyof typeof EXIT_OF;

export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  get exitCode(): (typeof EXIT)[keyof typeof EXIT] {
    return EXIT_OF[this.code];
  }
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
