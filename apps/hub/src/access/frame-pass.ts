/**
 * Lets an embed or an overlay in a sandboxed frame open its socket. Such a frame's `Origin` is `null`, which any site can
 * send; the pass shows that the socket is from a page of this hub. It is in those pages' HTML, which a site that shows
 * them in a frame cannot read. It opens nothing that needs a ticket.
 */
import type { KeyObject } from "node:crypto";
import { derivedKey } from "../derived-key.ts";

/** The name of the query's parameter. */
export const FRAME_PASS = "frame";

/** Letters, digits, `-` and `_`. It changes with the secret. */
export function framePass(hubKey: KeyObject): string {
  return derivedKey(hubKey, "guildwire frames").toString("base64url");
}

/** While secrets are rotated, the pass of any of them is valid: pages stay open for long. */
export function createFramePasses(hubKeys: readonly KeyObject[]): (given: string | null) => boolean {
  const valid = new Set(hubKeys.map(framePass));
  return (given) => given !== null && valid.has(given);
}
