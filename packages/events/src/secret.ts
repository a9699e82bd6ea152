/**
 * Shared secrets of deliveries. The text form is that of the Standard Webhooks specification (`whsec_` + base64 of
 * 24–64 random bytes), or any plain text of 32 or more characters, whose UTF-8 bytes are then the key. The text is
 * dropped once it is read: a key object does not print what it holds.
 */
import { createSecretKey, type KeyObject } from "node:crypto";

const PREFIX = "whsec_";
const PLAIN_CHARACTERS_MIN = 32;

export type SecretsOutcome =
  | { readonly ok: true; readonly keys: readonly KeyObject[] }
  | { readonly ok: false; readonly problem: string };

/** Reads one or more secrets separated by spaces, newest first. A problem never quotes the text. */
export function readSecrets(text: string): SecretsOutcome {
  const parts = text.split(/\s+/).filter((part) => part !== "");
  if (parts.length === 0) return { ok: false, problem: "is empty" };
  const keys: KeyObject[] = [];
  for (const [index, part] of parts.entries()) {
    const which = parts.length === 1 ? "" : ` (secret ${index + 1} of ${parts.length})`;
    const bytes = part.startsWith(PREFIX) ? base64Bytes(part.slice(PREFIX.length)) : plainBytes(part);
    if (typeof bytes === "string") return { ok: false, problem: `${bytes}${which}` };
    keys.push(createSecretKey(bytes));
  }
  return { ok: true, keys };
}

function base64Bytes(text: string): Buffer | string {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return "starts with whsec_ but is not base64 after that";
  const bytes = Buffer.from(text, "base64");
  if (bytes.length < 24 || bytes.length > 64) {
    return `must hold 24 to 64 bytes after whsec_, it holds ${bytes.length}`;
  }
  return bytes;
}

function plainBytes(text: string): Buffer | string {
  if (text.length < PLAIN_CHARACTERS_MIN) {
    return `must be whsec_<base64> or at least ${PLAIN_CHARACTERS_MIN} characters of plain text, it has ${text.length}`;
  }
  return Buffer.from(text, "utf8");
}
