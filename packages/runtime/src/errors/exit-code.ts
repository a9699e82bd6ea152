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
