/**
 * What must be written so that a stored history becomes the one that is held: pure. Histories share what did not change,
 * so comparing them is a look at what differs, and no note of what is unsaved can go wrong.
 */
import type { Position } from "@guildwire/live";
import type { RecordedPerson } from "./people.ts";
import type { Activity } from "./room-history.ts";
import { emptyHistory, type TopicHistory } from "./topic-history.ts";

export interface HistoryChanges {
  readonly topic: string;
  /** Everything stored of the topic goes first. */
  readonly startsAnew: boolean;
  readonly position: Position;
  readonly status: TopicHistory["status"];
  readonly names: readonly (readonly [roomId: string, name: string])[];
  /** With all their peaks. */
  readonly roomsGone: readonly string[];
  readonly peaks: readonly PeakRow[];
  readonly peaksGone: readonly PeakKey[];
  readonly people: readonly (readonly [userId: string, person: RecordedPerson])[];
  readonly peopleGone: readonly string[];
  readonly activity: readonly Activity[];
  readonly activityGone: readonly Activity[];
}

export type PeakKey = readonly [roomId: string, bucket: number];
export type PeakRow = readonly [...PeakKey, people: number];

/** In place of a room's id: the peaks of all rooms together. */
export const TOGETHER = "";

/** `undefined`: nothing differs. `stored` is `undefined` when nothing is stored, or nothing that may stay. */
export function changesBetween(
  topic: string,
  stored: TopicHistory | undefined,
  held: TopicHistory,
): HistoryChanges | undefined {
  if (stored === held) return undefined;
  const before = stored ?? emptyHistory(held.position);
  const rooms = differences(before.rooms, held.rooms);
  const shards = held.people.map((shard, index) => differences(before.people[index] ?? new Map(), shard));
  const peaks = [
    { id: TOGETHER, ...differences(before.together, held.together) },
    ...rooms.set.map(([id, room]) => ({
      id,
      ...differences(before.rooms.get(id)?.peaks ?? new Map<number, number>(), room.peaks),
    })),
  ];
  return {
    topic,
    startsAnew: stored === undefined,
    position: held.position,
    status: held.status,
    names: rooms.set
      .filter(([id, { name }]) => before.rooms.get(id)?.name !== name)
      .map(([id, { name }]) => [id, name]),
    roomsGone: rooms.gone,
    peaks: peaks.flatMap(({ id, set }) => set.map(([bucket, most]): PeakRow => [id, bucket, most])),
    peaksGone: peaks.flatMap(({ id, gone }) => gone.map((bucket): PeakKey => [id, bucket])),
    people: shards.flatMap(({ set }) => set),
    peopleGone: shards.flatMap(({ gone }) => gone),
    activity: without(held.activity, before.activity),
    activityGone: without(before.activity, held.activity),
  };
}

function differences<Key, Value>(
  before: ReadonlyMap<Key, Value>,
  after: ReadonlyMap<Key, Value>,
): { readonly set: readonly (readonly [Key, Value])[]; readonly gone: readonly Key[] } {
  if (before === after) return { set: [], gone: [] };
  return {
    set: [...after].filter(([key, value]) => before.get(key) !== value),
    gone: [...before.keys()].filter((key) => !after.has(key)),
  };
}

function without(all: readonly Activity[], some: readonly Activity[]): readonly Activity[] {
  if (all === some) return [];
  const known = new Set(some);
  return all.filter((one) => !known.has(one));
}
