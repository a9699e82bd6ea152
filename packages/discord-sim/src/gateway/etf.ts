/**
 * Erlang's External Term Format, as far as the Gateway uses it (`encoding=etf`). What goes out: ids as integers, keys
 * and text as binaries, `null` as the atom `nil`. What comes in: keys must be text, an atom for a key is refused.
 * Sources: https://www.erlang.org/doc/apps/erts/erl_ext_dist.html and
 * https://discord.com/developers/docs/events/gateway#etfjson
 */
const VERSION = 131;
const TAG = {
  newFloat: 70,
  smallInteger: 97,
  integer: 98,
  atom: 100,
  smallTuple: 104,
  nil: 106,
  string: 107,
  list: 108,
  binary: 109,
  smallBig: 110,
  smallAtom: 115,
  map: 116,
  atomUtf8: 118,
  smallAtomUtf8: 119,
} as const;

/** A JSON text as a term. */
export function etfOfJson(text: string): Buffer {
  const parts: Buffer[] = [Buffer.of(VERSION)];
  writeTerm(JSON.parse(text), parts);
  return Buffer.concat(parts);
}

function writeTerm(value: unknown, parts: Buffer[]): void {
  if (value === null || value === undefined) parts.push(atom("nil"));
  else if (typeof value === "boolean") parts.push(atom(String(value)));
  else if (typeof value === "number")
    parts.push(Number.isInteger(value) ? integer(BigInt(value)) : float(value));
  else if (typeof value === "string") parts.push(binary(value));
  else if (Array.isArray(value)) writeList(value, parts);
  else writeMap(Object.entries(value as object), parts);
}

function writeList(values: readonly unknown[], parts: Buffer[]): void {
  if (values.length > 0) {
    parts.push(tagged(TAG.list, values.length));
    for (const value of values) writeTerm(value, parts);
  }
  parts.push(Buffer.of(TAG.nil));
}

function writeMap(entries: readonly (readonly [string, unknown])[], parts: Buffer[]): void {
  parts.push(tagged(TAG.map, entries.length));
  for (const [key, value] of entries) {
    parts.push(binary(key));
    const isId = /(^|_)id$/.test(key) && typeof value === "string" && /^\d{1,20}$/.test(value);
    if (isId) parts.push(integer(BigInt(value)));
    else writeTerm(value, parts);
  }
}

function tagged(tag: number, length: number): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(tag);
  head.writeUInt32BE(length, 1);
  return head;
}

function atom(name: string): Buffer {
  return Buffer.concat([Buffer.of(TAG.atom, 0, name.length), Buffer.from(name)]);
}

function binary(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([tagged(TAG.binary, bytes.length), bytes]);
}

function float(value: number): Buffer {
  const bytes = Buffer.alloc(9);
  bytes.writeUInt8(TAG.newFloat);
  bytes.writeDoubleBE(value, 1);
  return bytes;
}

function integer(value: bigint): Buffer {
  if (value >= 0n && value <= 255n) return Buffer.of(TAG.smallInteger, Number(value));
  if (value >= -(2n ** 31n) && value < 2n ** 31n) {
    const bytes = Buffer.alloc(5);
    bytes.writeUInt8(TAG.integer);
    bytes.writeInt32BE(Number(value), 1);
    return bytes;
  }
  const digits: number[] = [];
  for (let rest = value < 0n ? -value : value; rest > 0n; rest >>= 8n) digits.push(Number(rest & 255n));
  return Buffer.of(TAG.smallBig, digits.length, value < 0n ? 1 : 0, ...digits);
}

/** A term as JSON text; `undefined` when it is no term this Gateway takes. */
export function jsonOfEtf(bytes: Buffer): string | undefined {
  try {
    const reader = new TermReader(bytes);
    return JSON.stringify(reader.read());
  } catch {
    // Out of bytes, an unknown tag or an atom for a key: all the same to whoever sent it.
    return undefined;
  }
}

class TermReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  read(): unknown {
    if (this.#byte() !== VERSION) throw new Error("not a term");
    return this.#term();
  }

  #term(): unknown {
    const tag = this.#byte();
    switch (tag) {
      case TAG.smallInteger:
        return this.#byte();
      case TAG.integer:
        return this.#take(4).readInt32BE();
      case TAG.newFloat:
        return this.#take(8).readDoubleBE();
      case TAG.smallBig:
        return this.#big(this.#byte());
      case TAG.binary:
        return this.#take(this.#length()).toString("utf8");
      case TAG.string:
        return [...this.#take(this.#take(2).readUInt16BE())];
      case TAG.nil:
        return [];
      case TAG.list: {
        const list = this.#terms(this.#length());
        this.#term();
        return list;
      }
      case TAG.smallTuple:
        return this.#terms(this.#byte());
      case TAG.map:
        return this.#map(this.#length());
      default:
        return this.#atom(tag);
    }
  }

  #terms(count: number): unknown[] {
    const terms: unknown[] = [];
    while (terms.length < count) terms.push(this.#term());
    return terms;
  }

  #map(count: number): object {
    const entries: [string, unknown][] = [];
    while (entries.length < count) {
      if (this.#bytes[this.#at] !== TAG.binary) throw new Error("a key is not text");
      entries.push([String(this.#term()), this.#term()]);
    }
    return Object.fromEntries(entries);
  }

  #atom(tag: number): unknown {
    const isShort = tag === TAG.smallAtom || tag === TAG.smallAtomUtf8;
    if (!isShort && tag !== TAG.atom && tag !== TAG.atomUtf8) throw new Error(`unknown tag ${tag}`);
    const name = this.#take(isShort ? this.#byte() : this.#take(2).readUInt16BE()).toString("utf8");
    const constants: Readonly<Record<string, unknown>> = { nil: null, null: null, true: true, false: false };
    return Object.hasOwn(constants, name) ? constants[name] : name;
  }

  /** As a number while it is one, else as text: ids stay exact. */
  #big(size: number): number | string {
    const negative = this.#byte() !== 0;
    let value = 0n;
    for (const byte of this.#take(size).toReversed()) value = (value << 8n) | BigInt(byte);
    const signed = negative ? -value : value;
    return Number.isSafeInteger(Number(signed)) ? Number(signed) : String(signed);
  }

  #length(): number {
    return this.#take(4).readUInt32BE();
  }

  #byte(): number {
    return this.#take(1).readUInt8();
  }

  #take(length: number): Buffer {
    if (this.#at + length > this.#bytes.length) throw new Error("out of bytes");
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}
