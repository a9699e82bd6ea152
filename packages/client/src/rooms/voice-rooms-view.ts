/**
 * A guild's voice rooms as a page shows them, derived from a topic's entries: categories and rooms in Discord's order,
 * people in each room by name. What did not change keeps its identity from one derivation to the next, down to the
 * person, so a memoised component renders again only when its own data changed.
 */
import type { Entry } from "@guildwire/live";
import {
  type CategoryValue,
  type MetaValue,
  PersonFlag,
  type PersonValue,
  type RoomValue,
  type SourceStatus,
} from "./voice-topic.ts";

export interface VoiceRoomsView {
  /** `null` before the first snapshot. */
  readonly guild: { readonly id: string; readonly name: string; readonly iconUrl: string | null } | null;
  /**
   * How fresh the hub's knowledge is; `since` in Unix ms, `reason` as the worker says it. `null` before the first
   * snapshot. While it is `null`, or its status `gone`, nobody knows who is in voice: counts of 0 say nothing.
   */
  readonly source: {
    readonly status: SourceStatus;
    readonly since: number;
    readonly reason?: string;
  } | null;
  /** In Discord's order. Rooms without a category come first, under one whose `id` is `null`. */
  readonly categories: readonly CategoryView[];
  readonly rooms: ReadonlyMap<string, RoomView>;
  /** Everybody in a room that is known; by user id. */
  readonly people: ReadonlyMap<string, PersonView>;
  /** Rooms in which somebody is. */
  readonly occupiedCount: number;
  /** False: a view of rooms alone. Then nobody is in `people`, and no count says anything. */
  readonly showsPeople: boolean;
}

export interface CategoryView {
  readonly id: string | null;
  readonly name: string | null;
  readonly rooms: readonly RoomView[];
}

export interface RoomView {
  readonly id: string;
  readonly name: string;
  readonly kind: "voice" | "stage";
  readonly status: string | null;
  /** 0 = no limit. */
  readonly userLimit: number;
  /** How many are inside, whichever of them a page chooses to show. */
  readonly peopleCount: number;
  readonly isFull: boolean;
  /** Unix ms. */
  readonly startedAt: number | null;
  readonly people: readonly PersonView[];
}

export interface PersonView {
  readonly id: string;
  readonly roomId: string;
  readonly name: string;
  readonly avatarUrl: string | null;
  readonly bot: boolean;
  /** Bits of `PersonFlag`, as booleans below. */
  readonly flags: number;
  readonly selfMute: boolean;
  readonly selfDeaf: boolean;
  /** By a moderator, as `deaf`. */
  readonly mute: boolean;
  readonly deaf: boolean;
  /** In the audience of a stage. */
  readonly suppress: boolean;
  readonly stream: boolean;
  readonly video: boolean;
  readonly handRaised: boolean;
  /** Unix ms of the worker's clock: in voice since, in this room since. */
  readonly since: number;
  readonly roomSince: number;
  /** The two times are guesses. */
  readonly approx: boolean;
}

type Entries = ReadonlyMap<string, Entry>;

/** The view of these entries, without regard to earlier ones. */
export function voiceRooms(entries: Entries): VoiceRoomsView {
  return derive(entries, undefined).view;
}

/**
 * A `voiceRooms` that remembers its last answer, to share structure with it. One for each place that shows rooms.
 *
 * A hub that has just started may hold nothing of a guild until the worker's next snapshot. What was shown stays then,
 * with `source: null`, which claims nothing: an empty page would claim that everybody left.
 */
export function voiceRoomsMemo(): (entries: Entries) => VoiceRoomsView {
  let last: Derived | undefined;
  return (entries) => {
    if (last?.entries === entries) return last.view;
    last =
      last !== undefined && last.view.guild !== null && !entries.has("m")
        ? { ...last, entries, view: { ...last.view, source: null } }
        : derive(entries, last);
    return last.view;
  };
}

interface Derived {
  readonly entries: Entries;
  readonly view: VoiceRoomsView;
  /** As they stand in the entries, before sorting: equal lists need no sorting again. */
  readonly unsorted: ReadonlyMap<string, readonly PersonView[]>;
}

interface Sorted {
  readonly meta: MetaValue | undefined;
  readonly categories: readonly (readonly [id: string, value: CategoryValue])[];
  readonly rooms: readonly (readonly [id: string, value: RoomValue])[];
  readonly unsorted: ReadonlyMap<string, readonly PersonView[]>;
}

function derive(entries: Entries, last: Derived | undefined): Derived {
  const sorted = readEntries(entries, last);
  const rooms = new Map<string, RoomView>();
  const people = new Map<string, PersonView>();
  let occupiedCount = 0;
  for (const [id, value] of sorted.rooms) {
    const inside = peopleByName(id, sorted.unsorted.get(id) ?? NOBODY, last);
    const room = kept(last?.view.rooms.get(id), roomView(id, value, inside));
    rooms.set(id, room);
    for (const person of inside) people.set(person.id, person);
    if (inside.length > 0) occupiedCount++;
  }
  const view: VoiceRoomsView = {
    guild: keptOrNull(last?.view.guild, sorted.meta?.guild),
    source: keptOrNull(last?.view.source, sorted.meta?.source),
    categories: categoryViews(sorted, rooms, last),
    rooms,
    people,
    occupiedCount,
    showsPeople: sorted.meta?.people !== "none",
  };
  return { entries, view, unsorted: sorted.unsorted };
}

const NOBODY: readonly PersonView[] = [];

/** Values of an unexpected shape, a newer hub's perhaps, are passed over. */
function readEntries(entries: Entries, last: Derived | undefined): Sorted {
  let meta: MetaValue | undefined;
  const categories: [string, CategoryValue][] = [];
  const rooms: [string, RoomValue][] = [];
  const unsorted = new Map<string, PersonView[]>();
  for (const entry of entries.values()) {
    const [key, value] = entry;
    if (typeof value !== "object" || value === null) continue;
    if (key === "m") meta = value as MetaValue;
    else if (key.startsWith("c:")) categories.push([key.slice(2), value as CategoryValue]);
    else if (key.startsWith("r:")) rooms.push([key.slice(2), value as RoomValue]);
    else if (key.startsWith("u:")) {
      const person = personOf(key.slice(2), entry, last);
      const inside = unsorted.get(person.roomId);
      if (inside === undefined) unsorted.set(person.roomId, [person]);
      else inside.push(person);
    }
  }
  categories.sort(inDiscordsOrder);
  rooms.sort(inDiscordsOrder);
  return { meta, categories, rooms, unsorted };
}

type Placed = readonly [id: string, value: { readonly position: number }];

/** By position, then by id: of two ids the shorter is the older, then digits decide. */
function inDiscordsOrder([a, left]: Placed, [b, right]: Placed): number {
  return left.position - right.position || compareIds(a, b);
}

function compareIds(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}

function personOf(id: string, entry: Entry, last: Derived | undefined): PersonView {
  const before = last?.view.people.get(id);
  if (before !== undefined && last?.entries.get(entry[0]) === entry) return before;
  const value = entry[1] as PersonValue;
  const { flags } = value;
  return kept(before, {
    id,
    roomId: value.room,
    name: value.name,
    avatarUrl: value.avatarUrl,
    bot: value.bot,
    flags,
    selfMute: (flags & PersonFlag.SelfMute) !== 0,
    selfDeaf: (flags & PersonFlag.SelfDeaf) !== 0,
    mute: (flags & PersonFlag.Mute) !== 0,
    deaf: (flags & PersonFlag.Deaf) !== 0,
    suppress: (flags & PersonFlag.Suppress) !== 0,
    stream: (flags & PersonFlag.Stream) !== 0,
    video: (flags & PersonFlag.Video) !== 0,
    handRaised: (flags & PersonFlag.HandRaised) !== 0,
    since: value.since,
    roomSince: value.roomSince,
    approx: value.approx === true,
  });
}

/** One collation everywhere, so that server and browser agree on the order. */
const NAMES = new Intl.Collator("en", { sensitivity: "base", numeric: true });

function peopleByName(
  roomId: string,
  unsorted: readonly PersonView[],
  last: Derived | undefined,
): readonly PersonView[] {
  const before = last?.view.rooms.get(roomId)?.people;
  const unsortedBefore = last?.unsorted.get(roomId) ?? NOBODY;
  if (before !== undefined && sameItems(unsorted, unsortedBefore)) return before;
  const sorted = [...unsorted].sort((a, b) => NAMES.compare(a.name, b.name) || compareIds(a.id, b.id));
  return before !== undefined && sameItems(sorted, before) ? before : sorted;
}

function roomView(id: string, value: RoomValue, people: readonly PersonView[]): RoomView {
  return {
    id,
    name: value.name,
    kind: value.kind,
    status: value.status,
    userLimit: value.userLimit,
    peopleCount: people.length,
    isFull: value.userLimit > 0 && people.length >= value.userLimit,
    startedAt: value.startedAt,
    people,
  };
}

function categoryViews(
  sorted: Sorted,
  rooms: ReadonlyMap<string, RoomView>,
  last: Derived | undefined,
): readonly CategoryView[] {
  const byCategory = new Map<string | null, RoomView[]>([[null, []]]);
  for (const [id] of sorted.categories) byCategory.set(id, []);
  for (const [id, value] of sorted.rooms) {
    const room = rooms.get(id);
    // A room whose category is not known yet is still a room.
    const category = byCategory.get(value.parentId) ?? byCategory.get(null);
    if (room !== undefined) category?.push(room);
  }
  const names = new Map(sorted.categories.map(([id, { name }]) => [id, name]));
  const before = new Map(last?.view.categories.map((category) => [category.id, category]));
  const categories: CategoryView[] = [];
  for (const [id, inside] of byCategory) {
    if (inside.length === 0) continue;
    const earlier = before.get(id);
    const list = earlier !== undefined && sameItems(inside, earlier.rooms) ? earlier.rooms : inside;
    categories.push(kept(earlier, { id, name: id === null ? null : (names.get(id) ?? null), rooms: list }));
  }
  const earlier = last?.view.categories;
  return earlier !== undefined && sameItems(categories, earlier) ? earlier : categories;
}

function sameItems<T>(a: readonly T[], b: readonly T[]): boolean {
  return a === b || (a.length === b.length && a.every((item, index) => item === b[index]));
}

/** The earlier object when all its fields are the same. */
function kept<T extends object>(before: T | undefined, now: T): T {
  if (before === undefined) return now;
  const old = before as Readonly<Record<string, unknown>>;
  const entries = Object.entries(now);
  return entries.length === Object.keys(old).length &&
    entries.every(([key, value]) => Object.is(old[key], value))
    ? before
    : now;
}

function keptOrNull<T extends object>(before: T | null | undefined, now: T | undefined): T | null {
  return now === undefined ? null : kept(before ?? undefined, now);
}
