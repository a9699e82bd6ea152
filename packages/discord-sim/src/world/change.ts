import type { Dispatch } from "./dispatch.ts";
import { isPlaceVisible, isVisible } from "./permission.ts";
import type { Channel, Place, World } from "./world.ts";

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

/** What is sent about a channel only when the bot may view it. */
export function visibly(
  world: World,
  channel: Channel,
  ...dispatches: readonly Dispatch[]
): readonly Dispatch[] {
  return isVisible(world, channel) ? dispatches : [];
}

/** The same for a place of messages. A private thread is seen by those who are in it or manage threads. */
export function visiblyAt(
  world: World,
  place: Place,
  ...dispatches: readonly Dispatch[]
): readonly Dispatch[] {
  return isPlaceVisible(world, place) ? dispatches : [];
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
