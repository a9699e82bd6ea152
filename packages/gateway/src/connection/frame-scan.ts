/**
 * A look at a frame's bytes before anything is parsed, so that a frame nobody wants costs next to nothing. Rules of
 * this file:
 *   - a frame is passed over only when it has the very shape Discord gives a dispatch, and the look proves that a
 *     full parse would lead to the same name and sequence and find no mention of the guild;
 *   - everything else is parsed: a wrong guess may cost time, never an event;
 *   - an id that stands in a string, or that might be hidden behind an escape, counts as a mention.
 *
 * The shape: {"t":"NAME","s":123,"op":0,"d":…}. Property tests compare it with the full parse over mutated frames.
 * JSON with the same key twice in one object is outside the proof (RFC 8259 section 4: its meaning is not defined).
 */

/** Which dispatches a consumer wants; `undefined` for all of them. */
export interface DispatchFilter {
  /** Names of the events it knows. READY and RESUMED are always read. */
  readonly names: ReadonlySet<string>;
  /** The one guild it is about: a dispatch that does not mention this id is passed over. */
  readonly guildId: string;
}

/** A dispatch that was passed over: it counts in the sequence and goes no further. */
export interface PassedOver {
  readonly seq: number;
  readonly name: string;
}

export type FrameScan = (bytes: Buffer) => PassedOver | undefined;

const ALWAYS_READ = new Set(["READY", "RESUMED"]);
const NAME_START = Buffer.from('{"t":"');
const AFTER_NAME = Buffer.from('","s":');
const AFTER_SEQ = Buffer.from(',"op":0,"d":');
/** `\u0030`…`\u0039` are digits in disguise. */
const DISGUISED_DIGIT = Buffer.from("\\u003");
const NAME_BYTES_MAX = 64;
/** Fewer than the digits of the largest safe integer: more take the slow road. */
const SEQ_DIGITS_MAX = 15;
const [DIGIT_0, DIGIT_9, QUOTE, BACKSLASH] = [0x30, 0x39, 0x22, 0x5c] as const;

export function createFrameScan(filter: DispatchFilter): FrameScan {
  const guildId = Buffer.from(filter.guildId);
  // Names come from a small set, over and over: the one of each length and first letters is remembered as text.
  const nameCache = new NameCache();

  return (bytes) => {
    if (!startsWith(bytes, NAME_START, 0)) return undefined;
    const nameEnd = endOfName(bytes);
    if (nameEnd === -1 || !startsWith(bytes, AFTER_NAME, nameEnd)) return undefined;
    const seqStart = nameEnd + AFTER_NAME.length;
    const seqEnd = endOfDigits(bytes, seqStart);
    if (seqEnd === -1 || !startsWith(bytes, AFTER_SEQ, seqEnd)) return undefined;

    const name = nameCache.read(bytes, NAME_START.length, nameEnd);
    if (ALWAYS_READ.has(name)) return undefined;
    if (filter.names.has(name) && mentions(bytes, guildId, seqEnd)) return undefined;
    return { seq: digits(bytes, seqStart, seqEnd), name };
  };
}

function mentions(bytes: Buffer, guildId: Buffer, from: number): boolean {
  if (bytes.indexOf(guildId, from) !== -1) return true;
  // Hardly any frame has a backslash, and to look for one byte costs a fraction of looking for several.
  return bytes.indexOf(BACKSLASH, from) !== -1 && bytes.indexOf(DISGUISED_DIGIT, from) !== -1;
}

function startsWith(bytes: Buffer, expected: Buffer, at: number): boolean {
  if (bytes.length < at + expected.length) return false;
  for (let index = 0; index < expected.length; index += 1) {
    if (bytes[at + index] !== expected[index]) return false;
  }
  return true;
}

/** Index of the closing quote of the name, -1 when there is none near or an escape comes first. */
function endOfName(bytes: Buffer): number {
  const limit = Math.min(bytes.length, NAME_START.length + NAME_BYTES_MAX);
  for (let index = NAME_START.length; index < limit; index += 1) {
    const byte = bytes[index];
    if (byte === QUOTE) return index > NAME_START.length ? index : -1;
    // Event names are plain ASCII; anything else is not the usual shape.
    if (byte === BACKSLASH || byte === undefined || byte < 0x20 || byte > 0x7e) return -1;
  }
  return -1;
}

/** Index behind a number without sign, point or leading zero; -1 when it is none. */
function endOfDigits(bytes: Buffer, start: number): number {
  let index = start;
  while (isDigit(bytes[index])) index += 1;
  const length = index - start;
  if (length === 0 || length > SEQ_DIGITS_MAX) return -1;
  return length > 1 && bytes[start] === DIGIT_0 ? -1 : index;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= DIGIT_0 && byte <= DIGIT_9;
}

function digits(bytes: Buffer, start: number, end: number): number {
  let value = 0;
  for (let index = start; index < end; index += 1) value = value * 10 + ((bytes[index] ?? 0) - DIGIT_0);
  return value;
}

/** Turns bytes into one of a few strings without making a new one each time. Bounded: a stranger replaces a known one. */
class NameCache {
  readonly #slots: ({ readonly bytes: Buffer; readonly name: string } | undefined)[] = Array(256);

  read(bytes: Buffer, start: number, end: number): string {
    // Length, and letters that tell the names of one length apart.
    const middle = bytes[(start + end) >> 1] ?? 0;
    const slot = ((end - start) * 31 + (bytes[start] ?? 0) * 7 + (bytes[end - 2] ?? 0) * 3 + middle) & 0xff;
    const known = this.#slots[slot];
    if (known !== undefined && known.bytes.length === end - start && startsWith(bytes, known.bytes, start)) {
      return known.name;
    }
    const copy = Buffer.from(bytes.subarray(start, end));
    const name = copy.toString("latin1");
    this.#slots[slot] = { bytes: copy, name };
    return name;
  }
}
