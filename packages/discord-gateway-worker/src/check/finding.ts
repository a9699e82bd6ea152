/** What one check of the set-up came to, and what all of them mean for the exit code: pure. */

import type { ProcessError } from "@guildwire/runtime/errors";
import { ERROR_CODES, type ErrorName, EXIT, type ExitCode } from "@guildwire/runtime/errors";

export type Finding = { readonly name: string; readonly detail: string } & (
  | { readonly mark: "pass" }
  /** Not wrong, and worth a look. */
  | { readonly mark: "advice"; readonly remedy: string }
  | { readonly mark: "fail"; readonly error: ErrorName; readonly remedy: string }
  /** Could not be looked at because of an earlier one. */
  | { readonly mark: "skipped" }
);

export function pass(name: string, detail: string): Finding {
  return { name, mark: "pass", detail };
}

export function advice(name: string, detail: string, remedy: string): Finding {
  return { name, mark: "advice", detail, remedy };
}

export function fail(name: string, error: ErrorName, detail: string, remedy: string): Finding {
  return { name, mark: "fail", error, detail, remedy };
}

/** A failure that the worker itself would end with; its message says what to do after the colon. */
export function failOf(name: string, error: ProcessError): Finding {
  const [detail = "", ...remedy] = error.message.split(": ");
  const key = (Object.keys(ERROR_CODES) as ErrorName[]).find((each) => ERROR_CODES[each] === error.error);
  return fail(name, key ?? "crashed", detail, remedy.join(": ") || "see docs/errors.md");
}

export function skipped(name: string, detail: string): Finding {
  return { name, mark: "skipped", detail };
}

/** What a person has to correct comes before what may pass by itself. */
export function exitCodeOf(findings: readonly Finding[]): ExitCode {
  const codes = findings.flatMap((finding) =>
    finding.mark === "fail" ? [ERROR_CODES[finding.error].exitCode] : [],
  );
  return [EXIT.fixMe, EXIT.bug, EXIT.restartMe].find((code) => codes.includes(code)) ?? EXIT.ok;
}
