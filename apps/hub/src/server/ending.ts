/** From what keeps the hub from starting, or ends it, to what a person should read about it: pure. */

import { EngineUnavailableError } from "@guildwire/live";
import { StorageError, storageErrorCode, storageFailureOf } from "@guildwire/runtime/database";
import { crashed, ERROR_CODES } from "@guildwire/runtime/errors";
import type { Failure } from "@guildwire/runtime/process";

export interface Place {
  readonly port: number;
  /** `undefined` = every address. */
  readonly host: string | undefined;
  readonly dataDir: string;
}

const LISTEN_PROBLEMS: Readonly<Record<string, string>> = {
  EADDRINUSE: "is taken by another process: stop that one, or set PORT to another",
  EACCES: "is not this user's to take: set PORT to one above 1023",
  EADDRNOTAVAIL: "cannot be had, for this machine has no such address: correct HOST, or leave it out for all",
  ENOTFOUND: "cannot be had, for there is no such HOST: correct it, or leave it out for every address",
};

export function endingOf(cause: unknown, { port, host, dataDir }: Place): Failure {
  if (cause instanceof StorageError) return { error: cause.error, message: cause.message, cause };
  // What is stored could not be brought under today's views, and must not be shown as it is.
  if (cause instanceof EngineUnavailableError) {
    const error = storageErrorCode(storageFailureOf(cause.cause) ?? "failed");
    const message = `hub.sqlite in DATA_DIR ${dataDir} could not be brought up to date: ${String(cause.cause)}`;
    return { error, message, cause };
  }
  const { code = "", syscall } = (cause ?? {}) as { readonly code?: string; readonly syscall?: string };
  if (syscall === "listen" || syscall === "getaddrinfo") {
    const place = host === undefined ? `PORT ${port}` : `PORT ${port} of HOST ${host}`;
    return { error: ERROR_CODES.portTaken, message: `${place} ${LISTEN_PROBLEMS[code] ?? code}`, cause };
  }
  return crashed(cause);
}
