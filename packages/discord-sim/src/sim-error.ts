/**
 * What can be wrong with a use of the stand-in:
 *
 * - `OPTION_INVALID`: an option of `createDiscordSim` (or a flag); `field` names it. Ours to fix: the caller.
 * - `PORT_TAKEN`: something else listens on the port. The operator picks another, or port 0.
 * - `LISTEN_FAILED`: the port cannot be listened on for another reason, in `cause`.
 * - `COMMAND_REFUSED`: a world command that is impossible just now; `field` names the part to blame.
 */
export type SimErrorCode = "OPTION_INVALID" | "PORT_TAKEN" | "LISTEN_FAILED" | "COMMAND_REFUSED";

export class SimError extends Error {
  override readonly name = "SimError";
  readonly code: SimErrorCode;
  /** The option, flag or command field to blame, where there is one. */
  readonly field: string | undefined;

  constructor(code: SimErrorCode, message: string, more: { field?: string; cause?: unknown } = {}) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.code = code;
    this.field = more.field;
  }
}
