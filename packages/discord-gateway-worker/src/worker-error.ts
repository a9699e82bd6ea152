import { ERROR_CODES, type ErrorCode, type ErrorName } from "@guildwire/runtime/errors";

/** An end of the process that a person should read about: one line saying what happened and what to do. */
export class WorkerError extends Error {
  override readonly name = "WorkerError";
  readonly error: ErrorCode;

  constructor(name: ErrorName, message: string, options?: ErrorOptions) {
    super(message, options);
    this.error = ERROR_CODES[name];
  }
}
