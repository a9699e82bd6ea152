/**
 * Every way the worker can fail, once: what it is called in logs and exit messages, and what a supervisor should do
 * about it. `docs/errors.md` explains each; a test checks that none is missing there.
 */
export interface ErrorCode {
  readonly code: `E${number}`;
  readonly name: string;
  readonly exitCode: ExitCode;
}

/** Exit codes after sysexits.h, so that a supervisor can tell "restart me" from "fix me". */
export const EXIT = {
  ok: 0,
  /** A bug of ours (EX_SOFTWARE). */
  bug: 70,
  /** Something outside failed for too long; a restart goes on where this process stopped (EX_TEMPFAIL). */
  restartMe: 75,
  /** Nothing will change until a person changes something (EX_CONFIG). */
  fixMe: 78,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const ERROR_CODES = {
  discordUnreachable: { code: "E001", name: "Discord connection failed", exitCode: EXIT.restartMe },
  tokenRefused: { code: "E002", name: "authentication failed", exitCode: EXIT.fixMe },
  storageFailed: { code: "E004", name: "storage error", exitCode: EXIT.restartMe },
  crashed: { code: "E005", name: "process crashed", exitCode: EXIT.bug },
  intentsRefused: { code: "E006", name: "missing permission or intent", exitCode: EXIT.fixMe },
  shardInvalid: { code: "E007", name: "invalid shard configuration", exitCode: EXIT.fixMe },
  diskFull: { code: "E009", name: "disk full", exitCode: EXIT.restartMe },
  configurationInvalid: { code: "E011", name: "configuration invalid", exitCode: EXIT.fixMe },
  // In a rolling deploy the old process holds it until it has ended: a restart helps.
  dataDirectoryLocked: { code: "E012", name: "data directory in use", exitCode: EXIT.restartMe },
  hubUnreachable: { code: "E013", name: "hub unreachable", exitCode: EXIT.restartMe },
  signatureRefused: { code: "E014", name: "signature refused by the hub", exitCode: EXIT.fixMe },
  identifyBudgetSpent: { code: "E015", name: "identify budget spent", exitCode: EXIT.restartMe },
  notInGuild: { code: "E016", name: "bot is not in the guild", exitCode: EXIT.fixMe },
  portTaken: { code: "E017", name: "health port taken", exitCode: EXIT.fixMe },
  runtimeTooOld: { code: "E018", name: "Node.js too old", exitCode: EXIT.fixMe },
  protocolRefused: { code: "E019", name: "API version refused by Discord", exitCode: EXIT.fixMe },
  dataDirectoryUnusable: { code: "E020", name: "data directory unusable", exitCode: EXIT.fixMe },
  eventParked: { code: "E021", name: "event refused by the hub", exitCode: EXIT.bug },
  outboxCompacted: { code: "E022", name: "outbox full", exitCode: EXIT.restartMe },
  endpointWrong: { code: "E023", name: "hub endpoint wrong", exitCode: EXIT.fixMe },
} as const satisfies Record<string, ErrorCode>;

export type ErrorName = keyof typeof ERROR_CODES;

/** An end of the process that a person should read about: one line saying what happened and what to do. */
export class WorkerError extends Error {
  override readonly name = "WorkerError";
  readonly error: ErrorCode;

  constructor(name: ErrorName, message: string, options?: ErrorOptions) {
    super(message, options);
    this.error = ERROR_CODES[name];
  }
}
