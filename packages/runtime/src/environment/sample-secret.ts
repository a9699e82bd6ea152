/**
 * Tells secrets that were copied from a page or typed to get something running: pure. A production process refuses
 * them, because whoever reads the same page knows them too.
 */

/** Words of placeholders. Only plain text is looked at: in base64 any of them may come up by chance. */
const PLACEHOLDER =
  /change[-_]?me|your[-_]|[-_]here\b|example|sample|placeholder|dummy|xxxxx|secret[-_]?secret|insert[-_]/i;

/** Random bytes of a key's length have about as many different ones as there are bytes. */
const DIFFERENT_BYTES_MIN = 8;

export function looksLikeSample(text: string): boolean {
  const isEncoded = text.startsWith("whsec_");
  if (!isEncoded && PLACEHOLDER.test(text)) return true;
  const bytes = isEncoded ? Buffer.from(text.slice("whsec_".length), "base64") : Buffer.from(text);
  return new Set(bytes).size < DIFFERENT_BYTES_MIN;
}
