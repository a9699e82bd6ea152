/**
 * A given value as a message about it may show it: pure. A secret is never shown; nor is a value that looks like one,
 * because the commonest mistake of all is the right value in the wrong variable.
 */
const CHARACTERS_MAX = 80;

/** A Standard Webhooks secret, or three runs of base64 with dots between them, as tokens of many kinds look. */
const LOOKS_SECRET = /whsec_|[\w-]{18,}\.[\w-]{5,}\.[\w-]{20,}/;

/** `secrets`: the texts of all secret variables, none of which may be shown under another name. */
export function shownValue(value: string, isSecret: boolean, secrets: readonly string[]): string {
  const hides = secrets.some((secret) => value.includes(secret));
  if (isSecret || hides || LOOKS_SECRET.test(value)) return `[redacted, ${value.length} characters]`;
  const plain = withoutPassword(value);
  return JSON.stringify(plain.length > CHARACTERS_MAX ? `${plain.slice(0, CHARACTERS_MAX)}…` : plain);
}

/** `https://name:password@host` without what stands before the `@`; the query of a URL may hold a key as well. */
function withoutPassword(value: string): string {
  return value.replace(/(\/\/)[^/?#@\s]*@/, "$1[redacted]@").replace(/(:\/\/[^?\s]*\?).+/, "$1[redacted]");
}
