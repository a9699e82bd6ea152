/**
 * The token that opens `/api/status`: derived from the secret, so that nothing more has to be set up, and no use for
 * anything else. `main.js status-token` prints it for monitors; it changes with the secret.
 */
import { type KeyObject, timingSafeEqual } from "node:crypto";
import { derivedKey } from "../derived-key.ts";

export function statusToken(hubKey: KeyObject): string {
  return derivedKey(hubKey, "guildwire status").toString("base64url");
}

/** `authorization`: the request's header. While secrets are rotated, the token of any of them will do. */
export function mayReadStatus(authorization: string | null, hubKeys: readonly KeyObject[]): boolean {
  const given = /^Bearer +([\w-]{43})$/i.exec(authorization ?? "")?.[1];
  if (given === undefined) return false;
  const bytes = Buffer.from(given);
  // All are looked at, so that the time says nothing about which one it is.
  return hubKeys.map((key) => timingSafeEqual(bytes, Buffer.from(statusToken(key)))).includes(true);
}
