/**
 * The end of a process: by a signal, by a failure, or by an exception that nothing expected.
 *
 * The first reason decides the exit code. A second signal ends the process at once.
 */

import type { ErrorCode } from "../errors/error-code.ts";
import { EXIT, type ExitCode } from "../errors/exit-code.ts";
import { crashed } from "../errors/process-error.ts";

export interface LifecycleOptions {
  readonly record: (
    level: "info" | "error" | "fatal",
    fields: Readonly<{ event: string } & Record<string, string | number | boolean | null | undefined>>,
    message: string,
  ) => void;
  /** Of the events `stopping` and `stop_failed`. */
  readonly eventPrefix?: string;
  /** Stops what runs. Resolves to false when something had to be cut off. */
  readonly stop: () => Promise<boolean>;
  readonly onStopped?: (inTime: boolean, exitCode: ExitCode) => void;
}

/** Such as a `ProcessError`. */
export interface Failure {
  readonly error: ErrorCode;
  /** What happened and what to do, in one line. */
  readonly message: string;
  readonly cause?: unknown;
}

export interface Lifecycle {
  /** Records the failure, stops, and ends the process with the failure's exit code. */
  fail(failure: Failure): void;
}

export function startLifecycle({ record, eventPrefix = "", stop, onStopped }: LifecycleOptions): Lifecycle {
  let stopping = false;

  async function end(exitCode: ExitCode): Promise<void> {
    if (stopping) return;
    stopping = true;
    let inTime = false;
    try {
      inTime = await stop();
    } catch (error) {
      record(
        "error",
        { event: `${eventPrefix}stop_failed`, detail: String(error) },
        "could not stop cleanly",
      );
    }
    // A supervisor must not read "all is well" when something was cut off.
    const code = exitCode === EXIT.ok && !inTime ? EXIT.restartMe : exitCode;
    onStopped?.(inTime, code);
    process.exit(code);
  }

  function fail({ error: { code, name, exitCode }, message, cause: reason }: Failure): void {
    const cause = reason instanceof Error ? reason.stack : undefined;
    const fields = { event: "fatal", errorCode: code, errorName: name, exitCode, cause };
    record("fatal", fields, `${code} ${message}`);
    void end(exitCode);
  }

  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(EXIT.restartMe);
      record("info", { event: `${eventPrefix}stopping`, signal }, `${signal}: stopping`);
      void end(EXIT.ok);
    });
  }
  process.on("uncaughtException", (cause) => fail(crashed(cause)));
  process.on("unhandledRejection", (cause) => fail(crashed(cause)));
  return { fail };
}
