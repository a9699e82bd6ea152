/**
 * Who was where, in shards: a history shares with the one before what did not change, and where thousands are in voice
 * each step copies a few dozen of them, not all.
 */
import { h32 } from "@guildwire/live";

export interface RecordedPerson {
  readonly room: string;
  readonly name: string;
  readonly avatarUrl: string | null;
}

/** By user id, each in the shard of its hash. */
export type People = readonly ReadonlyMap<string, RecordedPerson>[];

/** `undefined`: gone. */
export type PeopleChanges = ReadonlyMap<string, RecordedPerson | undefined>;

/** A power of two. */
const SHARDS = 64;

export const NOBODY: People = Array.from({ length: SHARDS }, () => new Map());

const shardOf = (id: string): number => h32(id) & (SHARDS - 1);

export function personIn(people: People, id: string): RecordedPerson | undefined {
  return people[shardOf(id)]?.get(id);
}

export function* everybody(people: People): Iterable<readonly [id: string, person: RecordedPerson]> {
  for (const shard of people) yield* shard;
}

/** The very same people when nothing changes. */
export function withChanges(people: People, changes: PeopleChanges): People {
  if (changes.size === 0) return people;
  const shards = [...people];
  const copied = new Map<number, Map<string, RecordedPerson>>();
  for (const [id, person] of changes) {
    const index = shardOf(id);
    const shard = copied.get(index) ?? new Map(shards[index]);
    copied.set(index, shard);
    shards[index] = shard;
    if (person === undefined) shard.delete(id);
    else shard.set(id, person);
  }
  return shards;
}

export function countedByRoom(people: People): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const [, { room }] of everybody(people)) counts.set(room, (counts.get(room) ?? 0) + 1);
  return counts;
}
