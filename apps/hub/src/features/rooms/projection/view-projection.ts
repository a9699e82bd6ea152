/**
 * From a guild's whole state to one view of it: pure.
 *
 *   state ──viewOf──▶ the view's map         ops on the state ──viewOps──▶ ops on the view's map
 *
 * Rules:
 *   V1  The view is a function of the state alone, entry by entry: viewOf(state after ops) is viewOf(state before) after
 *       viewOps. So a history of a view can hold nothing that the view did not show.
 *   V2  Someone who goes where the view does not look is a plain delete, and someone who comes from there a plain set:
 *       in a view that leaves rooms out, the times begin with the room, so that `since` says nothing of elsewhere.
 *   V3  A room takes its people with it when it comes into view or leaves it.
 *   V4  An anonymous person has an id and a name made of a secret, the view, the guild, the user and the stay. Without the
 *       secret nobody can tell whose they are, or that two views show the same person; after the stay they are others.
 */

import type { CategoryValue, MetaValue, PersonValue, RoomValue, VoiceValue } from "@guildwire/client/rooms";
import type { Op } from "@guildwire/live";
import type { View } from "../../../views/view.ts";
import type { NamedProjection } from "../../../views/views.ts";
import type { VoiceMap } from "./voice-map.ts";
import { categoryKey, META_KEY, personKey, roomKey } from "./voice-values.ts";

export type ViewProjection = Pick<NamedProjection, "view" | "pseudonymOf">;

type Shown = readonly [key: string, value: VoiceValue];

export function viewOf(projection: ViewProjection, state: VoiceMap): VoiceMap {
  const shown = new Map<string, VoiceValue>();
  for (const key of state.keys()) {
    const entry = entryOf(projection, state, key);
    if (entry !== undefined) shown.set(entry[0], entry[1]);
  }
  return shown;
}

/** `before` and `after` are the state around the ops. A set that changes nothing may be among the answer. */
export function viewOps(
  projection: ViewProjection,
  before: VoiceMap,
  after: VoiceMap,
  ops: readonly Op[],
): readonly Op[] {
  const touched = touchedKeys(projection, before, after, ops);
  const deletes = new Set<string>();
  const sets = new Map<string, VoiceValue>();
  for (const key of touched) {
    const old = entryOf(projection, before, key);
    const now = entryOf(projection, after, key);
    if (now !== undefined) sets.set(now[0], now[1]);
    if (old !== undefined && old[0] !== now?.[0]) deletes.add(old[0]);
  }
  return [
    ...[...deletes].filter((key) => !sets.has(key)).map((key): Op => ["d", key]),
    ...Array.from(sets, ([key, value]): Op => ["s", key, value]),
  ];
}

/** The keys of the state whose entry in the view may differ: the ops' own, and what hangs on a room that is touched. */
function touchedKeys(
  { view }: ViewProjection,
  before: VoiceMap,
  after: VoiceMap,
  ops: readonly Op[],
): ReadonlySet<string> {
  if (ops.some(([kind]) => kind === "c")) return new Set([...before.keys(), ...after.keys()]);
  const keys = new Set<string>();
  for (const op of ops) {
    if (op[0] === "c") continue;
    keys.add(op[1]);
    const id = idOf(op[1], ROOM_PREFIX);
    if (id === undefined) continue;
    const [old, now] = [roomIn(before, id), roomIn(after, id)];
    for (const room of [old, now]) if (room?.parentId) keys.add(categoryKey(room.parentId));
    if (isRoomShown(view, id, old) === isRoomShown(view, id, now)) continue;
    for (const map of [before, after]) for (const key of peopleIn(map, id)) keys.add(key);
  }
  return keys;
}

/** What the view shows for a key of the state. */
function entryOf(projection: ViewProjection, state: VoiceMap, key: string): Shown | undefined {
  const value = state.get(key);
  if (value === undefined) return undefined;
  const { view } = projection;
  if (key === META_KEY) return [key, shownMeta(view, value as MetaValue)];
  const roomId = idOf(key, ROOM_PREFIX);
  if (roomId !== undefined) {
    const room = value as RoomValue;
    return isRoomShown(view, roomId, room) ? [key, shownRoom(view, room)] : undefined;
  }
  const categoryId = idOf(key, CATEGORY_PREFIX);
  if (categoryId !== undefined) {
    return isCategoryShown(view, state, categoryId) ? [key, value as CategoryValue] : undefined;
  }
  const userId = idOf(key, PERSON_PREFIX);
  return userId === undefined ? undefined : personEntry(projection, state, userId, value as PersonValue);
}

const ROOM_PREFIX = roomKey("");
const CATEGORY_PREFIX = categoryKey("");
const PERSON_PREFIX = personKey("");

function idOf(key: string, prefix: string): string | undefined {
  return key.startsWith(prefix) ? key.slice(prefix.length) : undefined;
}

function roomIn(state: VoiceMap, id: string): RoomValue | undefined {
  return state.get(roomKey(id)) as RoomValue | undefined;
}

function* peopleIn(state: VoiceMap, roomId: string): Iterable<string> {
  for (const [key, value] of state) {
    if (key.startsWith(PERSON_PREFIX) && (value as PersonValue).room === roomId) yield key;
  }
}

function isRoomShown({ rooms }: View, id: string, room: RoomValue | undefined): boolean {
  if (room === undefined || !rooms.kinds.has(room.kind)) return false;
  const names = room.parentId === null ? [id] : [id, room.parentId];
  return (
    !names.some((name) => rooms.except.has(name)) &&
    (rooms.only === undefined || names.some((name) => rooms.only?.has(name)))
  );
}

/** A heading without a room under it would only tell that something is hidden. */
function isCategoryShown(view: View, state: VoiceMap, categoryId: string): boolean {
  if (view.rooms.except.has(categoryId)) return false;
  for (const [key, value] of state) {
    const roomId = idOf(key, ROOM_PREFIX);
    if (roomId === undefined || (value as RoomValue).parentId !== categoryId) continue;
    if (isRoomShown(view, roomId, value as RoomValue)) return true;
  }
  return false;
}

/** An empty room and a room of which nobody is shown look alike; this tells them apart. */
function shownMeta({ people }: View, meta: MetaValue): MetaValue {
  return people.shown === "none" ? { ...meta, people: "none" } : meta;
}

/** Its category is shown as well: a rule that hides a category hides what is under it. */
function shownRoom({ show }: View, room: RoomValue): RoomValue {
  return {
    ...room,
    status: show.status ? room.status : null,
    startedAt: show.times ? room.startedAt : null,
  };
}

function personEntry(
  { view, pseudonymOf }: ViewProjection,
  state: VoiceMap,
  userId: string,
  person: PersonValue,
): Shown | undefined {
  const { people, optOut } = view;
  if (people.shown === "none" || optOut.has(userId) || (person.bot && !people.bots)) return undefined;
  if (!isRoomShown(view, person.room, roomIn(state, person.room))) return undefined;
  const timed = withTimes(view, person);
  const shown: PersonValue = {
    ...timed,
    avatarUrl: view.show.avatars ? person.avatarUrl : null,
    flags: view.show.flags ? person.flags : 0,
  };
  if (people.shown === "named") return [personKey(userId), shown];
  const guildId = (state.get(META_KEY) as MetaValue | undefined)?.guild.id ?? "";
  const stay = seesAllRooms(view) ? person.since : `${person.roomSince} ${person.room}`;
  const pseudonym = pseudonymOf([view.name, guildId, userId, stay].join("\n"));
  const name = `Guest ${pseudonym.slice(0, 4).toUpperCase()}`;
  return [personKey(`g${pseudonym}`), { ...shown, name, avatarUrl: null }];
}

/** 0 = not told. */
function withTimes(view: View, person: PersonValue): PersonValue {
  if (!view.show.times) {
    const { approx: _guess, ...told } = person;
    return { ...told, since: 0, roomSince: 0 };
  }
  return seesAllRooms(view) ? person : { ...person, since: person.roomSince };
}

function seesAllRooms({ rooms }: View): boolean {
  return rooms.only === undefined && rooms.except.size === 0 && rooms.kinds.size === 2;
}
