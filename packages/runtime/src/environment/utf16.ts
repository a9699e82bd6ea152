/**
 * Finds files in UTF-16, which Windows' `>` and some editors write: read as UTF-8 they hold no name and no value, and a
 * variable in them is simply missing.
 */
import { closeSync, openSync, readdirSync, readSync } from "node:fs";
import { join } from "node:path";

export const UTF16_PROBLEM = "it is in UTF-16; save it as UTF-8 (PowerShell: Set-Content -Encoding utf8)";

/** By the byte order mark, or by the zero bytes that ASCII text has in UTF-16. */
export function isUtf16(bytes: Uint8Array): boolean {
  const [first, second] = bytes;
  const isMarked = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  return isMarked || bytes.subarray(0, BYTES_READ).includes(0);
}

const BYTES_READ = 64;
/** `.env` and its layers, `.env.local`, `.env.production.local`; not `.env.example`. */
const LAYER = /^\.env(\.(local|(development|production|test)(\.local)?))?$/;

/** One line for each `.env` file of the directory that nothing can read. A directory that cannot be read has none. */
export function unreadableEnvFiles(directory: string): readonly string[] {
  try {
    return readdirSync(directory)
      .filter((name) => LAYER.test(name) && isUtf16(firstBytes(join(directory, name))))
      .map((name) => `${name} is not read: ${UTF16_PROBLEM}`);
  } catch {
    return [];
  }
}

function firstBytes(path: string): Uint8Array {
  const bytes = Buffer.alloc(BYTES_READ);
  const file = openSync(path, "r");
  try {
    return bytes.subarray(0, readSync(file, bytes));
  } finally {
    closeSync(file);
  }
}
