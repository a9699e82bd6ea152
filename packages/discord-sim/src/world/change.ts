import type { Dispatch } from "./dispatch.ts";
import type { World } from "./world.ts";

/** The outcome of a command: the next world and what is said about it, or the field that makes it impossible. */
export type Change =
  | { readonly ok: true; readonly world: World; readonly dispatches: readonly Dispatch[] }
  | { readonly ok: false; readonly field: string; readonly problem: string };

export function changed(world: World, ...dispatches: readonly Dispatch[]): Change {
  return { ok: true, world, dispatches };
}

/** `problem` completes the sentence "`field` …". */
export function refused(field: string, problem: string): Change {
  return { ok: false, field, problem };
}

/** A copy of `map` with one entry set. */
export function withEntry<K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> {
  return new Map(map).set(key, value);
}

/** A copy of `map` without one entry. */
export function withoutEntry<K, V>(map: ReadonlyMap<K, V>, key: K): ReadonlyMap<K, V> {
  const copy = new Map(map);
  copy.delete(key);
  return copy;
}
