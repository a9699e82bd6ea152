/**
 * A topic's map, and changes laid over it: pure. A layer takes as long to make as there are changes, whatever the
 * number of people; so what a commit leads to is worked out on a layer, and the map itself goes on when the commit is
 * stored. A layer is right as long as what is underneath stays as it is.
 */
import type { Op } from "@guildwire/live";

/** What may be read of a map, whether it is one or a layer over one. */
export type EntryMap<Value> = Pick<
  ReadonlyMap<string, Value>,
  "get" | "has" | "keys" | typeof Symbol.iterator
>;

export interface EntryLayer<Value> extends EntryMap<Value> {
  set(key: string, value: Value): void;
  delete(key: string): void;
  clear(): void;
  /** What was laid over, last word of each key; `undefined` = deleted. After a `clear`, of all keys underneath too. */
  changes(): Iterable<readonly [key: string, value: Value | undefined]>;
}

export function layerOver<Value>(held: EntryMap<Value>): EntryLayer<Value> {
  const laid = new Map<string, Value | undefined>();
  const get = (key: string): Value | undefined => (laid.has(key) ? laid.get(key) : held.get(key));

  function* entries(): MapIterator<[string, Value]> {
    for (const [key, underneath] of held) {
      const value = laid.has(key) ? laid.get(key) : underneath;
      if (value !== undefined) yield [key, value];
    }
    for (const [key, value] of laid) if (value !== undefined && !held.has(key)) yield [key, value];
  }

  function* keys(): MapIterator<string> {
    for (const [key] of entries()) yield key;
  }

  return {
    get,
    has: (key) => get(key) !== undefined,
    keys,
    [Symbol.iterator]: entries,
    set: (key, value) => void laid.set(key, value),
    delete: (key) => void laid.set(key, undefined),
    clear() {
      laid.clear();
      for (const key of held.keys()) laid.set(key, undefined);
    },
    changes: () => laid,
  };
}

/** The map after the ops, as a layer over it. The ops must hold values of the map's kind. */
export function withOps<Value>(held: EntryMap<Value>, ops: readonly Op[]): EntryMap<Value> {
  if (ops.length === 0) return held;
  const layer = layerOver(held);
  applyOps(layer, ops);
  return layer;
}

/** Changes the map itself. */
export function applyOps<Value>(
  map: Pick<EntryLayer<Value>, "set" | "delete" | "clear"> | Map<string, Value>,
  ops: readonly Op[],
): void {
  for (const op of ops) {
    if (op[0] === "s") map.set(op[1], op[2] as Value);
    else if (op[0] === "d") map.delete(op[1]);
    else map.clear();
  }
}
