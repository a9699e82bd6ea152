/**
 * A voice topic's map, and changes laid over it: pure. A layer takes as long to make as there are changes, whatever the
 * number of people; so what a commit leads to is worked out on a layer, and the map itself goes on when the commit is
 * stored. A layer is right as long as what is underneath stays as it is.
 */
import type { Op, VoiceValue } from "@guildwire/live";

/** What may be read of a map, whether it is one or a layer over one. */
export type VoiceMap = Pick<ReadonlyMap<string, VoiceValue>, "get" | "has" | "keys" | typeof Symbol.iterator>;

export interface VoiceLayer extends VoiceMap {
  set(key: string, value: VoiceValue): void;
  delete(key: string): void;
  clear(): void;
  /** What was laid over, last word of each key; `undefined` = deleted. After a `clear`, of all keys underneath too. */
  changes(): Iterable<readonly [key: string, value: VoiceValue | undefined]>;
}

export function layerOver(held: VoiceMap): VoiceLayer {
  const laid = new Map<string, VoiceValue | undefined>();
  const get = (key: string): VoiceValue | undefined => (laid.has(key) ? laid.get(key) : held.get(key));

  function* entries(): MapIterator<[string, VoiceValue]> {
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

/** The map after the ops, as a layer over it. */
export function withOps(held: VoiceMap, ops: readonly Op[]): VoiceMap {
  if (ops.length === 0) return held;
  const layer = layerOver(held);
  applyOps(layer, ops);
  return layer;
}

/** Changes the map itself. */
export function applyOps(
  map: Pick<VoiceLayer, "set" | "delete" | "clear"> | Map<string, VoiceValue>,
  ops: readonly Op[],
): void {
  for (const op of ops) {
    if (op[0] === "s") map.set(op[1], op[2] as VoiceValue);
    else if (op[0] === "d") map.delete(op[1]);
    else map.clear();
  }
}
