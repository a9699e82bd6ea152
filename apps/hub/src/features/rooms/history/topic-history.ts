/**
 * A topic's last day, folded from its deltas: pure. What comes in is what the topic's readers see, so nothing can be in
 * here that the view did not show.
 *
 *   history ──afterStep(delta)──▶ history at the delta's end ──asOf(now)──▶ history that knows of this bucket
 *
 * Rules:
 *   H1  Data and position move together: a history is a function of the one before and of what happened since. So one
 *       that went on from a stored position through the same steps is the same.
 *   H2  What a bucket says was seen: at a step, or when somebody looked (`asOf`), while the source was live. A bucket in
 *       which nobody saw anything is missing. It is not known, never zero.
 *   H3  The people of a topic's first snapshot came before anybody looked, and so did those of a guild that comes back:
 *       they are counted, and are no activity.
 *   H4  Other differences are activity, also when they are learned late. A time that is not known then is the time at
 *       which they were learned, and `approx`.
 *   H5  A room that is no longer in the topic is forgotten with all that names it: the topic does not say whether it was
 *       deleted or may no longer be seen.
 *   H6  Bounded: by the day, by `ROOMS_MAX` and by `ACTIVITY_MAX`.
 */

import type { MetaValue, PersonValue, RoomValue } from "@guildwire/client/rooms";
import type { Delta, Entry, Op, Position } from "@guildwire/live";
import { META_KEY, personKey, roomKey } from "../projection/voice-values.ts";
import { activityOf, withActivity } from "./activity.ts";
import { bucketOf, DAY_MS, firstBucket, type Peaks, peaksSince, ROOMS_MAX, withPeople } from "./day.ts";
import {
  countedByRoom,
  everybody,
  NOBODY,
  type People,
  type PeopleChanges,
  personIn,
  type RecordedPerson,
  withChanges,
} from "./people.ts";
import type { Activity } from "./room-history.ts";

export interface TopicHistory {
  readonly position: Position;
  /** The source's; `null` before the first snapshot. */
  readonly status: MetaValue["source"]["status"] | null;
  readonly rooms: ReadonlyMap<string, RecordedRoom>;
  /** Of all these rooms at once: who goes from one to another is in both their peaks, and in here once. */
  readonly together: Peaks;
  readonly people: People;
  /** By time, oldest first. */
  readonly activity: readonly Activity[];
}

export interface RecordedRoom {
  readonly name: string;
  /** In it now. */
  readonly people: number;
  readonly peaks: Peaks;
}

/** What led from one position to the next. */
export interface Step {
  readonly position: Position;
  readonly ops: readonly Op[];
  /** When the newest of it happened, Unix ms. */
  readonly atMs: number;
  /** When the hub knew, Unix ms. */
  readonly knownAtMs: number;
  /** It stands for steps nobody can tell any more. */
  readonly isGuess?: boolean;
}

export function emptyHistory(position: Position): TopicHistory {
  return { position, status: null, rooms: new Map(), together: new Map(), people: NOBODY, activity: [] };
}

export function stepOf({ epoch, to, ops, atMs }: Delta, knownAtMs: number): Step {
  return { position: { epoch, offset: to }, ops, atMs, knownAtMs };
}

/** The step to a whole topic, from wherever one was. */
export function stepTo(position: Position, entries: readonly Entry[], nowMs: number): Step {
  const sets = entries.map(([key, value]): Op => ["s", key, value]);
  return { position, ops: [["c"], ...sets], atMs: nowMs, knownAtMs: nowMs, isGuess: true };
}

/** `counts`: of a view that does not tell times, only how many were in each room. */
export type Kept = "everything" | "counts";

export function afterStep(history: TopicHistory, step: Step, kept: Kept = "everything"): TopicHistory {
  const words = lastWords(step.ops);
  const rooms = roomsAfter(history.rooms, words);
  const changes = peopleChanges(history.people, words);
  const people = withChanges(history.people, changes);
  const meta = words.byKey.get(META_KEY) as MetaValue | undefined;
  const isMetaGone = words.isCleared || words.byKey.has(META_KEY);
  const status = meta?.source.status ?? (isMetaGone ? null : history.status);
  const { together } = history;
  const after = {
    position: step.position,
    status,
    people,
    rooms: counted(rooms, history, people, changes),
    together,
  };
  // Who is no longer seen because the bot was removed has not left.
  const isTold = kept === "everything" && tells(history) && status !== "gone";
  const told = isTold ? activityOf(history, after, changes, words.byKey, step) : [];
  return asOf({ ...after, activity: withActivity(history.activity, told, rooms) }, step.knownAtMs);
}

/** What is older than a day is forgotten, and what is known now is seen. The very same history when that is nothing. */
export function asOf(history: TopicHistory, nowMs: number): TopicHistory {
  const seen = (held: Peaks, people: number): Peaks => {
    const kept = peaksSince(held, firstBucket(nowMs));
    return history.status === "live" ? withPeople(kept, bucketOf(nowMs), people) : kept;
  };
  let changed: Map<string, RecordedRoom> | undefined;
  let everybodyNow = 0;
  for (const [id, room] of history.rooms) {
    everybodyNow += room.people;
    const peaks = seen(room.peaks, room.people);
    if (peaks === room.peaks) continue;
    changed ??= new Map(history.rooms);
    changed.set(id, { ...room, peaks });
  }
  const [oldest] = history.activity;
  const isOld = oldest !== undefined && oldest.atMs <= nowMs - DAY_MS;
  const together = seen(history.together, everybodyNow);
  if (changed === undefined && together === history.together && !isOld) return history;
  const activity = isOld ? history.activity.filter(({ atMs }) => atMs > nowMs - DAY_MS) : history.activity;
  return { ...history, rooms: changed ?? history.rooms, together, activity };
}

/** Whether differences from here on happened while somebody looked (H3). */
function tells({ status }: TopicHistory): boolean {
  return status !== null && status !== "gone";
}

interface LastWords {
  readonly isCleared: boolean;
  /** The last value of each key that is named; `undefined` = deleted. */
  readonly byKey: ReadonlyMap<string, unknown>;
}

function lastWords(ops: readonly Op[]): LastWords {
  let isCleared = false;
  const byKey = new Map<string, unknown>();
  for (const op of ops) {
    if (op[0] === "c") {
      isCleared = true;
      byKey.clear();
    } else byKey.set(op[1], op[0] === "s" ? op[2] : undefined);
  }
  return { isCleared, byKey };
}

const ROOM_PREFIX = roomKey("");
const PERSON_PREFIX = personKey("");

/** The very same rooms when the words name none. */
function roomsAfter(
  held: ReadonlyMap<string, RecordedRoom>,
  { isCleared, byKey }: LastWords,
): ReadonlyMap<string, RecordedRoom> {
  let rooms: Map<string, RecordedRoom> | undefined;
  if (isCleared) rooms = new Map([...held].filter(([id]) => byKey.get(roomKey(id)) !== undefined));
  for (const [key, value] of byKey) {
    if (!key.startsWith(ROOM_PREFIX)) continue;
    rooms ??= new Map(held);
    const id = key.slice(ROOM_PREFIX.length);
    if (value === undefined) rooms.delete(id);
    else rooms.set(id, recordedRoom(value as RoomValue, held.get(id)));
  }
  if (rooms === undefined || rooms.size <= ROOMS_MAX) return rooms ?? held;
  return new Map([...rooms].slice(0, ROOMS_MAX));
}

function recordedRoom({ name }: RoomValue, before: RecordedRoom | undefined): RecordedRoom {
  if (before === undefined) return { name, people: 0, peaks: new Map() };
  return before.name === name ? before : { ...before, name };
}

function peopleChanges(held: People, { isCleared, byKey }: LastWords): PeopleChanges {
  const changes = new Map<string, RecordedPerson | undefined>();
  if (isCleared) {
    for (const [id] of everybody(held)) {
      if (byKey.get(personKey(id)) === undefined) changes.set(id, undefined);
    }
  }
  for (const [key, value] of byKey) {
    if (!key.startsWith(PERSON_PREFIX)) continue;
    const id = key.slice(PERSON_PREFIX.length);
    const before = personIn(held, id);
    const now = value === undefined ? undefined : recordedPerson(value as PersonValue, before);
    if (now !== before) changes.set(id, now);
  }
  return changes;
}

function recordedPerson(
  { room, name, avatarUrl }: PersonValue,
  before: RecordedPerson | undefined,
): RecordedPerson {
  const isSame = before?.room === room && before.name === name && before.avatarUrl === avatarUrl;
  return isSame ? before : { room, name, avatarUrl };
}

/** By who came and went; all anew where a room is new, because people may be heard of before their room. */
function counted(
  rooms: ReadonlyMap<string, RecordedRoom>,
  before: TopicHistory,
  people: People,
  changes: PeopleChanges,
): ReadonlyMap<string, RecordedRoom> {
  const isAnew = rooms !== before.rooms && [...rooms.keys()].some((id) => !before.rooms.has(id));
  const counts = isAnew ? countedByRoom(people) : countsAfter(before, changes);
  let after: Map<string, RecordedRoom> | undefined;
  for (const id of isAnew ? rooms.keys() : counts.keys()) {
    const room = rooms.get(id);
    const now = counts.get(id) ?? 0;
    if (room === undefined || room.people === now) continue;
    after ??= new Map(rooms);
    after.set(id, { ...room, people: now });
  }
  return after ?? rooms;
}

/** Of the rooms that somebody came to or went from. */
function countsAfter({ rooms, people }: TopicHistory, changes: PeopleChanges): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const add = (room: string | undefined, by: number): void => {
    if (room !== undefined) counts.set(room, (counts.get(room) ?? rooms.get(room)?.people ?? 0) + by);
  };
  for (const [id, now] of changes) {
    add(personIn(people, id)?.room, -1);
    add(now?.room, 1);
  }
  return counts;
}
