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
import type { Delta, Entry, MetaValue, Op, PersonValue, Position, RoomValue } from "@guildwire/live";
import { META_KEY, personKey, roomKey } from "../voice-topic/voice-values.ts";
import {
  ACTIVITY_MAX,
  bucketOf,
  DAY_MS,
  firstBucket,
  type Peaks,
  peaksSince,
  ROOMS_MAX,
  withPeople,
} from "./day.ts";
import type { Activity, ActivityRoom } from "./room-history.ts";

export interface TopicHistory {
  readonly position: Position;
  /** The source's; `null` before the first snapshot. */
  readonly status: MetaValue["source"]["status"] | null;
  readonly rooms: ReadonlyMap<string, RecordedRoom>;
  readonly people: ReadonlyMap<string, RecordedPerson>;
  /** By time, oldest first. */
  readonly activity: readonly Activity[];
}

export interface RecordedRoom {
  readonly name: string;
  /** In it now. */
  readonly people: number;
  readonly peaks: Peaks;
}

export interface RecordedPerson {
  readonly room: string;
  readonly name: string;
  readonly avatarUrl: string | null;
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
  return { position, status: null, rooms: new Map(), people: new Map(), activity: [] };
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
  const people = peopleAfter(history.people, words);
  const meta = words.byKey.get(META_KEY) as MetaValue | undefined;
  const isMetaGone = words.isCleared || words.byKey.has(META_KEY);
  const status = meta?.source.status ?? (isMetaGone ? null : history.status);
  const after = { position: step.position, status, people, rooms: counted(rooms, people) };
  const told = kept === "everything" && tells(history) ? activityOf(history, after, words, step) : [];
  return asOf({ ...after, activity: withActivity(history.activity, told, rooms) }, step.knownAtMs);
}

/** What is older than a day is forgotten, and what is known now is seen. The very same history when that is nothing. */
export function asOf(history: TopicHistory, nowMs: number): TopicHistory {
  const first = firstBucket(nowMs);
  const isLive = history.status === "live";
  let changed: Map<string, RecordedRoom> | undefined;
  for (const [id, room] of history.rooms) {
    const kept = peaksSince(room.peaks, first);
    const peaks = isLive ? withPeople(kept, bucketOf(nowMs), room.people) : kept;
    if (peaks === room.peaks) continue;
    changed ??= new Map(history.rooms);
    changed.set(id, { ...room, peaks });
  }
  const [oldest] = history.activity;
  const isOld = oldest !== undefined && oldest.atMs <= nowMs - DAY_MS;
  if (changed === undefined && !isOld) return history;
  const activity = isOld ? history.activity.filter(({ atMs }) => atMs > nowMs - DAY_MS) : history.activity;
  return { ...history, rooms: changed ?? history.rooms, activity };
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

/** What the words say of the keys with this prefix, laid over what is held; the very same map when that is nothing. */
function laidOver<Recorded>(
  held: ReadonlyMap<string, Recorded>,
  { isCleared, byKey }: LastWords,
  prefix: string,
  record: (value: unknown, before: Recorded | undefined) => Recorded,
): ReadonlyMap<string, Recorded> {
  let after: Map<string, Recorded> | undefined;
  if (isCleared) {
    after = new Map([...held].filter(([id]) => byKey.get(prefix + id) !== undefined));
  }
  for (const [key, value] of byKey) {
    if (!key.startsWith(prefix)) continue;
    after ??= new Map(held);
    const id = key.slice(prefix.length);
    if (value === undefined) after.delete(id);
    else after.set(id, record(value, held.get(id)));
  }
  return after ?? held;
}

function roomsAfter(
  held: ReadonlyMap<string, RecordedRoom>,
  words: LastWords,
): ReadonlyMap<string, RecordedRoom> {
  const rooms = laidOver<RecordedRoom>(held, words, ROOM_PREFIX, (value, before) => {
    const { name } = value as RoomValue;
    if (before === undefined) return { name, people: 0, peaks: new Map() };
    return before.name === name ? before : { ...before, name };
  });
  return rooms.size <= ROOMS_MAX ? rooms : new Map([...rooms].slice(0, ROOMS_MAX));
}

function peopleAfter(
  held: ReadonlyMap<string, RecordedPerson>,
  words: LastWords,
): ReadonlyMap<string, RecordedPerson> {
  return laidOver<RecordedPerson>(held, words, PERSON_PREFIX, (value, before) => {
    const { room, name, avatarUrl } = value as PersonValue;
    const isSame = before?.room === room && before.name === name && before.avatarUrl === avatarUrl;
    return isSame ? before : { room, name, avatarUrl };
  });
}

function counted(
  rooms: ReadonlyMap<string, RecordedRoom>,
  people: ReadonlyMap<string, RecordedPerson>,
): ReadonlyMap<string, RecordedRoom> {
  const counts = new Map<string, number>();
  for (const { room } of people.values()) counts.set(room, (counts.get(room) ?? 0) + 1);
  return new Map(
    Array.from(rooms, ([id, room]) => {
      const now = counts.get(id) ?? 0;
      return [id, now === room.people ? room : { ...room, people: now }];
    }),
  );
}

type After = Pick<TopicHistory, "position" | "rooms" | "people">;

/** Those who left, then those who came or moved, as in the SDK's `voiceChanges`. */
function activityOf(before: TopicHistory, after: After, words: LastWords, step: Step): readonly Activity[] {
  const left: Activity[] = [];
  const entered: Activity[] = [];
  const gone = words.isCleared ? [...before.people.keys()] : [];
  const named = [...words.byKey.keys()].filter((key) => key.startsWith(PERSON_PREFIX));
  for (const id of new Set([...gone, ...named.map((key) => key.slice(PERSON_PREFIX.length))])) {
    const value = words.byKey.get(personKey(id)) as PersonValue | undefined;
    const one = value === undefined ? leaving(before, id, step) : entering(before, after, id, value, step);
    if (one !== undefined) (one.type === "left" ? left : entered).push(one);
  }
  return [...left, ...entered];
}

function leaving(before: TopicHistory, id: string, step: Step): Activity | undefined {
  const person = before.people.get(id);
  const room = person && roomIn(before, person.room);
  if (person === undefined || room === undefined) return undefined;
  const isGuess = step.isGuess === true || before.status !== "live";
  return activity("left", id, person, { room }, step, isGuess ? undefined : step.atMs);
}

function entering(
  before: TopicHistory,
  after: After,
  id: string,
  value: PersonValue,
  step: Step,
): Activity | undefined {
  const earlier = before.people.get(id);
  const room = roomIn(after, value.room);
  if (room === undefined || earlier?.room === value.room) return undefined;
  const sinceMs = earlier === undefined ? value.since : value.roomSince;
  const atMs = value.approx === true ? undefined : sinceMs;
  if (earlier === undefined) return activity("joined", id, value, { room }, step, atMs);
  const from = roomIn(before, earlier.room);
  return from && activity("moved", id, value, { room: from, to: room }, step, atMs);
}

function roomIn({ rooms }: Pick<TopicHistory, "rooms">, id: string): ActivityRoom | undefined {
  const room = rooms.get(id);
  return room && { id, name: room.name };
}

function activity(
  type: Activity["type"],
  id: string,
  { name, avatarUrl }: RecordedPerson,
  where: Pick<Activity, "room" | "to">,
  { position, atMs, knownAtMs }: Step,
  happenedAtMs: number | undefined,
): Activity {
  return {
    o: position.offset,
    // Nothing is known before it happens, whatever the worker's clock says.
    atMs: Math.min(happenedAtMs ?? atMs, knownAtMs),
    type,
    person: { id, name, avatarUrl },
    ...where,
    ...(happenedAtMs === undefined && { approx: true }),
  };
}

function withActivity(
  held: readonly Activity[],
  news: readonly Activity[],
  rooms: ReadonlyMap<string, RecordedRoom>,
): readonly Activity[] {
  const isTold = ({ room, to }: Activity) => rooms.has(room.id) && (to === undefined || rooms.has(to.id));
  if (news.length === 0 && held.every(isTold)) return held;
  return [...held, ...news]
    .filter(isTold)
    .sort((a, b) => a.atMs - b.atMs)
    .slice(-ACTIVITY_MAX);
}
