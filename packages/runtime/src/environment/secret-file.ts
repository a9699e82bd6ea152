/**
 * Secrets from files: `HUB_SECRET_FILE=/run/secrets/hub` stands for `HUB_SECRET` with what the file holds, as
 * orchestrators hand them out. Reading is bounded: a variable that names a device or a log must not fill the memory.
 */
import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import { isUtf16, UTF16_PROBLEM } from "./utf16.ts";

const BYTES_MAX = 64 * 1024;

export type FileOutcome =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly problem: string };

const PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EACCES: "this user may not read it",
  EPERM: "this user may not read it",
  EISDIR: "it is a directory",
};

/** What the file holds, without space around it. A problem never quotes the file's text. */
export function readSecretFile(path: string): FileOutcome {
  try {
    const file = openSync(path, "r");
    try {
      const stat = fstatSync(file);
      if (stat.isDirectory()) return { ok: false, problem: "it is a directory" };
      if (!stat.isFile()) return { ok: false, problem: "it is not a regular file" };
      if (stat.size > BYTES_MAX) return { ok: false, problem: `it has more than ${BYTES_MAX} bytes` };
      const bytes = readFileSync(file);
      if (isUtf16(bytes)) return { ok: false, problem: UTF16_PROBLEM };
      const text = bytes.toString("utf8").trim();
      return text === "" ? { ok: false, problem: "it is empty" } : { ok: true, text };
    } finally {
      closeSync(file);
    }
  } catch (error) {
    const { code = "" } = error as { readonly code?: string };
    return { ok: false, problem: PROBLEMS[code] ?? `it cannot be read (${code})` };
  }
}
