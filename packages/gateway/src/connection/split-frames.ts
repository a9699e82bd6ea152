/**
 * Takes JSON objects that were written one behind the other apart again.
 *
 * `}{"t":` stands between two frames of Discord's shape, and never inside one: outside of strings no brace follows a
 * brace without a comma, and inside a string the quote before `t` would end it, behind which only a comma, a colon or a
 * bracket may come (RFC 8259). Where that does not find as many as were written, every byte is looked at.
 */
const BETWEEN = Buffer.from('}{"t":');
const [QUOTE, BACKSLASH, OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = Buffer.from('"\\{}[]');

/** `undefined` when there are not `count` of them. Bytes between two belong to the latter. */
export function splitFrames(bytes: Buffer, count: number): readonly Buffer[] | undefined {
  if (count === 1) return [bytes];
  const quick = splitAt(bytes, quickEnds(bytes, count));
  if (quick.length === count) return quick;
  const exact = splitAt(bytes, exactEnds(bytes, count));
  return exact.length === count ? exact : undefined;
}

/** Each end but the last one, which is the end of the bytes. */
function splitAt(bytes: Buffer, ends: readonly number[]): readonly Buffer[] {
  return [...ends, bytes.length].map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

function quickEnds(bytes: Buffer, count: number): readonly number[] {
  const ends: number[] = [];
  for (
    let at = bytes.indexOf(BETWEEN);
    at !== -1 && ends.length < count;
    at = bytes.indexOf(BETWEEN, at + 1)
  ) {
    ends.push(at + 1);
  }
  return ends;
}

function exactEnds(bytes: Buffer, count: number): readonly number[] {
  const ends: number[] = [];
  let depth = 0;
  for (let at = 0; at < bytes.length && ends.length < count; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      at = endOfString(bytes, at);
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      depth += 1;
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      depth -= 1;
      if (depth === 0) ends.push(at + 1);
    }
  }
  // The last object's end is the end of the bytes.
  return depth === 0 ? ends.slice(0, -1) : ends;
}

/** Index of the quote that closes the string which the one at `start` opens; the end of the bytes without one. */
function endOfString(bytes: Buffer, start: number): number {
  let at = start + 1;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at;
}
