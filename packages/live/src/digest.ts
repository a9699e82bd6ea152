/**
 * The digest of a topic's map, by which both ends find out that they hold the same without sending it:
 *
 *   h32(text)  = fmix32(FNV-1a 32 (UTF-8 bytes of text))
 *   entry      = h32(key + "\n" + rev)            rev in decimal: the offset at which the key last changed
 *   digest     = sum of all entries, mod 2^32     0 for an empty map
 *
 * Being a sum, it is kept up to date in constant time: add the new entry, subtract the old one. Values are not
 * hashed, so no canonical JSON is needed: a revision stands for one value within an epoch.
 *
 * FNV-1a alone will not do. Its last step is (h ^ byte) * prime, so two entries that swapped revisions 5 and 6 often
 * cancel out in a sum. fmix32 (the finaliser of MurmurHash3) spreads every bit before the adding.
 */

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** Unsigned 32-bit hash of the text's UTF-8 bytes. */
export function h32(text: string): number {
  let hash = FNV_OFFSET;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    // Keys are ASCII as a rule; only others pay for an encoder.
    if (unit > 0x7f) return fmix32(fnv1a(new TextEncoder().encode(text)));
    hash = Math.imul(hash ^ unit, FNV_PRIME);
  }
  return fmix32(hash);
}

function fnv1a(bytes: Uint8Array): number {
  let hash = FNV_OFFSET;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, FNV_PRIME);
  return hash;
}

function fmix32(hash: number): number {
  let mixed = hash;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** What one entry adds to the digest. */
export function entryDigest(key: string, rev: number): number {
  return h32(`${key}\n${rev}`);
}

export function digestWith(digest: number, key: string, rev: number): number {
  return (digest + entryDigest(key, rev)) >>> 0;
}

export function digestWithout(digest: number, key: string, rev: number): number {
  return (digest - entryDigest(key, rev)) >>> 0;
}

/** The digest of a whole map, computed afresh: for entries that came as a snapshot, and to check the running one. */
export function digestOf(entries: Iterable<readonly [key: string, rev: number]>): number {
  let digest = 0;
  for (const [key, rev] of entries) digest = digestWith(digest, key, rev);
  return digest;
}
