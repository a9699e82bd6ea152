/**
 * A key for one purpose, made of the hub's (HKDF with SHA-256, RFC 5869): what is signed or made up with it can never be
 * used for another, and it changes with the secret.
 */
import { hkdfSync, type KeyObject } from "node:crypto";

const BYTES = 32;

/** The strings are for good: another one is another key. */
export type KeyPurpose =
  | "guildwire tickets"
  | "guildwire status"
  | "guildwire frames"
  | "guildwire view pseudonyms";

export function derivedKey(hubKey: KeyObject, purpose: KeyPurpose): Buffer {
  return Buffer.from(hkdfSync("sha256", hubKey, "", purpose, BYTES));
}
