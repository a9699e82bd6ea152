/**
 * An immutable map by text key. A change copies one of its 128 parts, so that the cost of a step does not grow with the
 * number of channels that have something to send.
 */
const PARTS = 128;

/** Made with `EMPTY_MAP`, changed with `withEntry` and `withoutEntry`. */
export type KeyedMap<Value> = readonly (ReadonlyMap<string, Value> | undefined)[];

export const EMPTY_MAP: KeyedMap<never> = Array.from({ length: PARTS });

export function entryOf<Value>(map: KeyedMap<Value>, key: string): Value | undefined {
  return map[partOf(key)]?.get(key);
}

export function withEntry<Value>(map: KeyedMap<Value>, key: string, value: Value): KeyedMap<Value> {
  const part = partOf(key);
  return map.with(part, new Map(map[part]).set(key, value));
}

export function withoutEntry<Value>(map: KeyedMap<Value>, key: string): KeyedMap<Value> {
  const part = partOf(key);
  const before = map[part];
  if (before === undefined || !before.has(key)) return map;
  const after = new Map(before);
  after.delete(key);
  return map.with(part, after.size === 0 ? undefined : after);
}

export function sizeOf(map: KeyedMap<unknown>): number {
  return map.reduce((sum, part) => sum + (part?.size ?? 0), 0);
}

/** Faster than `entriesOf`: for what is done with every request. */
export function forEachValue<Value>(map: KeyedMap<Value>, visit: (value: Value) => void): void {
  for (const part of map) if (part !== undefined) for (const value of part.values()) visit(value);
}

export function* entriesOf<Value>(map: KeyedMap<Value>): Generator<readonly [key: string, value: Value]> {
  for (const part of map) if (part !== undefined) yield* part;
}

/** FNV-1a. */
function partOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at += 1) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  return (hash >>> 0) % PARTS;
}
