/**
 * Changes to a topic's map. They are absolute, so a repeat is harmless and several can be squashed into the last one
 * per key. On the wire:
 *   ["s", key, value]       set; the entry's revision is the offset the frame ends at
 *   ["s", key, value, rev]  set, with the revision it really has (snapshots and squashed deltas)
 *   ["d", key]              delete
 *   ["c"]                   clear everything
 */
export type Op =
  | readonly ["s", string, unknown]
  | readonly ["s", string, unknown, number]
  | readonly ["d", string]
  | readonly ["c"];

/** One entry of a topic's map as a snapshot carries it: key, value, and the offset at which it last changed. */
export type Entry = readonly [key: string, value: unknown, rev: number];
