/**
 * The map a browser holds of one topic, with its running digest. A value: every frame that changes something makes
 * a new map, in which untouched entries are the same objects, so a view can tell by identity what is unchanged.
 */
import { digestWith, digestWithout } from "./digest.ts";
import type { Entry } from "./op.ts";

export interface ReplicaEntries {
  readonly map: ReadonlyMap<string, Entry>;
  readonly digest: number;
}

export const NO_ENTRIES: ReplicaEntries = { map: new Map(), digest: 0 };

export function entriesOf(entries: Iterable<Entry>): ReplicaEntries {
  const map = new Map<string, Entry>();
  for (const entry of entries) map.set(entry[0], entry);
  return { map, digest: digestOfMap(map) };
}

function digestOfMap(map: ReadonlyMap<string, Entry>): number {
  let digest = 0;
  for (const [key, , rev] of map.values()) digest = digestWith(digest, key, rev);
  return digest;
}

/**
 * All of a frame's ops, or `undefined` when one of them is of no known shape: then none counts. `offset` is the
 * revision of a set that names none.
 */
export function withOps(entries: ReplicaEntries, ops: unknown, offset: number): ReplicaEntries | undefined {
  if (!Array.isArray(ops)) return undefined;
  if (ops.length === 0) return entries;
  const map = new Map(entries.map);
  let digest = entries.digest;
  for (const op of ops as readonly unknown[]) {
    if (!Array.isArray(op)) return undefined;
    const [tag, key, value, rev = offset] = op as readonly unknown[];
    if (tag === "c") {
      map.clear();
      digest = 0;
      continue;
    }
    if (typeof key !== "string") return undefined;
    const old = map.get(key);
    if (old !== undefined) digest = digestWithout(digest, key, old[2]);
    if (tag === "d") map.delete(key);
    else if (tag === "s" && Number.isSafeInteger(rev) && value !== undefined) {
      map.set(key, [key, value, rev as number]);
      digest = digestWith(digest, key, rev as number);
    } else return undefined;
  }
  return { map, digest };
}

/**
 * A snapshot in place of what was held. Within one epoch a revision stands for one value, so entries whose revision
 * is the same stay the objects they were; when all are, the whole map stays.
 */
export function replaced(
  held: ReplicaEntries,
  snapshot: readonly Entry[],
  sameEpoch: boolean,
): ReplicaEntries {
  if (!sameEpoch) return entriesOf(snapshot);
  const map = new Map<string, Entry>();
  let kept = 0;
  for (const entry of snapshot) {
    const old = held.map.get(entry[0]);
    const keep = old !== undefined && old[2] === entry[2];
    if (keep) kept++;
    map.set(entry[0], keep ? old : entry);
  }
  if (kept === map.size && map.size === held.map.size) return held;
  return { map, digest: digestOfMap(map) };
}

/** A page of a snapshot is read once, at the door. */
export function isEntryList(value: unknown): value is readonly Entry[] {
  return Array.isArray(value) && value.every(isEntry);
}

function isEntry(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    typeof value[0] === "string" &&
    value[1] !== undefined &&
    Number.isSafeInteger(value[2])
  );
}
