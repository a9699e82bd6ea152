/**
 * JSON with numbers beyond 2^53 kept exact, as text of their digits. Discord takes numbers where it expects ids, some
 * clients send them, and `JSON.parse` alone would round them.
 */
export function parseExactJson(text: string): unknown {
  return JSON.parse(withExactNumbers(text));
}

/** The same as text: whole numbers that JSON.parse would round are put in quotes. */
export function withExactNumbers(text: string): string {
  return MAYBE_LONG_NUMBER.test(text) ? text.replaceAll(STRING_OR_LONG_NUMBER, quoted) : text;
}

/** Sixteen digits that do not follow a quote: rare, so most texts are left as they are. */
const MAYBE_LONG_NUMBER = /[\s:,[]-?\d{16}/;
const STRING_OR_LONG_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g;

function quoted(found: string): string {
  if (found.startsWith('"')) return found;
  return Number.isSafeInteger(Number(found)) ? found : `"${found}"`;
}
