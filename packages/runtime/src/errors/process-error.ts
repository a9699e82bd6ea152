import { ERROR_CODES, type ErrorCode, type ErrorName } from "./error-code.ts";

/** A failure that ends a process, or that an operator must know of: one line with what happened and what to do. */
export class ProcessError extends Error {
  override readonly name: string = "ProcessError";
  readonly error: ErrorCode;

  constructor(name: ErrorName, message: string, options?: ErrorOptions) {
    super(message, options);
    this.error = ERROR_CODES[name];
  }
}

/** An exception that nothing expected. */
export function crashed(cause: unknown): ProcessError {
  return new ProcessError("crashed", `a bug of Guildwire: ${String(cause)}`, { cause });
}
