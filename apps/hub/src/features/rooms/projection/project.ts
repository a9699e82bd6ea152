/**
 * From a worker's events to changes of the topic `voice/<guild>/public`: pure.
 *
 *   held map + what the worker said of itself + events ──▶ ops + what the worker says of itself now
 *
 * Rules:
 *   P1  A person is in one room. A move is one op: the person's entry with the new room, the same `since`. A
 *       `voice.left` that names `movedTo` moves the person by itself, so a move cut in two by the end of a delivery
 *       never shows the person gone.
 *   P2  A snapshot replaces everything, as differences: what stays the same makes no op.
 *   P3  A room takes its people with it, whether their own events come before or after.
 *   P4  An outage changes the source's status and nothing else; people stay as they were last seen.
 *   P5  Only what came out different becomes an op, so events told twice change nothing.
 *   P6  Every batch proves that the worker lives: a status `stale` that the hub set is replaced by the worker's own word.
 *       `live` then begins now, whenever the worker became live: in between, what was shown was not.
 */

import type { MetaValue } from "@guildwire/client/rooms";
import type { EventData, GuildwireEvent, Occupant, SourceStatus } from "@guildwire/events";
import type { Entry, Op } from "@guildwire/live";
import { draftOf, type VoiceDraft } from "./voice-draft.ts";
import type { VoiceMap } from "./voice-map.ts";
import {
  categoryKey,
  categoryValue,
  META_KEY,
  metaValue,
  personKey,
  personValue,
  roomKey,
  roomValue,
  withContinuedTimes,
  withSettledTimes,
} from "./voice-values.ts";

/** The types of events that change rooms. */
const ROOMS_EVENTS = {
  "guild.snapshot": true,
  "guild.updated": true,
  "guild.unavailable": true,
  "guild.available": true,
  "guild.removed": true,
  "room.created": true,
  "room.updated": true,
  "room.deleted": true,
  "room.status": true,
  "voice.joined": true,
  "voice.updated": true,
  "voice.left": true,
  "source.status": true,
} as const satisfies Partial<Record<GuildwireEvent["type"], true>>;

export type RoomsEvent = Extract<GuildwireEvent, { readonly type: keyof typeof ROOMS_EVENTS }>;

export function isRoomsEventType(type: GuildwireEvent["type"]): type is RoomsEvent["type"] {
  return Object.hasOwn(ROOMS_EVENTS, type);
}

export function isRoomsEvent(event: GuildwireEvent): event is RoomsEvent {
  return isRoomsEventType(event.type);
}

/** The worker's last word about its source. */
export interface Said {
  readonly status: SourceStatus;
  /** Unix ms. */
  readonly since: number;
  readonly reason?: string | undefined;
}

export interface ProjectedEvents {
  readonly ops: readonly Op[];
  readonly said: Said | undefined;
}

/** `said` is `undefined` before the source's first snapshot; `nowMs` is Unix ms of the hub's clock. */
export function projectEvents(
  held: VoiceMap,
  said: Said | undefined,
  events: readonly RoomsEvent[],
  nowMs: number,
): ProjectedEvents {
  const draft = draftOf(held);
  let word = said;
  const wasStale = draft.meta()?.source.status === "stale";
  for (const event of events) word = project(draft, word, event);
  if (wasStale && word?.status === "live") word = { status: "live", since: Math.max(word.since, nowMs) };
  const meta = draft.meta();
  if (meta !== undefined && word !== undefined) draft.setMeta({ ...meta, source: sourceValue(word) });
  return { ops: draft.ops(), said: word };
}

function sourceValue({ status, since, reason }: Said): MetaValue["source"] {
  return reason === undefined ? { status, since } : { status, since, reason };
}

/** The op by which the hub says that the worker has been silent; none when the topic is empty or says so already. */
export function staleOps(held: VoiceMap, nowMs: number): readonly Op[] {
  const draft = draftOf(held);
  const meta = draft.meta();
  if (meta === undefined || meta.source.status === "stale") return [];
  draft.setMeta({ ...meta, source: { status: "stale", since: nowMs } });
  return draft.ops();
}

/** The entry as it is while the source is silent since `sinceMs`; the entry itself when that makes no difference. */
export function staleEntry(entry: Entry, sinceMs: number): Entry {
  const [key, value, rev] = entry;
  if (key !== META_KEY) return entry;
  const meta = value as MetaValue;
  if (meta.source.status === "stale") return entry;
  const stale: MetaValue = { ...meta, source: { status: "stale", since: sinceMs } };
  return [key, stale, rev];
}

function project(draft: VoiceDraft, said: Said | undefined, event: RoomsEvent): Said | undefined {
  const atMs = Date.parse(event.timestamp);
  switch (event.type) {
    case "guild.snapshot":
      replaceAll(draft, event.data);
      return nowSays(said, event.data.status, atMs);
    case "room.created":
    case "room.updated":
      draft.setRoom(event.data.room.id, roomValue(event.data.room));
      return said;
    case "room.deleted":
      draft.removeRoom(event.data.room.id);
      return said;
    case "room.status":
      setRoomStatus(draft, event.data);
      return said;
    case "voice.joined":
      enter(draft, event.data, event.data.movedFrom !== undefined);
      return said;
    case "voice.updated":
      enter(draft, event.data, true);
      return said;
    case "voice.left":
      leave(draft, event.data, event.timestamp);
      return said;
    case "guild.updated":
      setGuild(draft, event.data);
      return said;
    case "guild.unavailable":
      return nowSays(said, "outage", atMs);
    case "guild.available":
      return nowSays(said, "live", atMs);
    case "guild.removed":
      draft.retain(() => false);
      return nowSays(said, "gone", atMs);
    case "source.status":
      return saysSince(said, event.data);
    default:
      return event satisfies never;
  }
}

/** A status said again keeps the time it began. */
function nowSays(said: Said | undefined, status: SourceStatus, sinceMs: number): Said {
  return said?.status === status ? said : { status, since: sinceMs };
}

/** The worker names the time itself. A later one than is known: the status began anew, as with a new session. */
function saysSince(said: Said | undefined, { status, since, reason }: EventData<"source.status">): Said {
  const sinceMs = Date.parse(since);
  const isSame = said?.status === status && said.since >= sinceMs;
  if (!isSame) return { status, since: sinceMs, reason };
  return said.reason === reason ? said : { ...said, reason };
}

function replaceAll(draft: VoiceDraft, snapshot: EventData<"guild.snapshot">): void {
  const { guild, categories, rooms, occupants } = snapshot;
  const keys = new Set([
    ...categories.map(({ id }) => categoryKey(id)),
    ...rooms.map(({ id }) => roomKey(id)),
    ...occupants.map(({ user }) => personKey(user.id)),
  ]);
  draft.retain((key) => keys.has(key));
  // The status is filled in at the end of the batch (P6).
  draft.setMeta(metaValue(guild, snapshot.status, 0));
  for (const category of categories) draft.setCategory(category.id, categoryValue(category));
  for (const room of rooms) draft.setRoom(room.id, roomValue(room));
  for (const occupant of occupants) {
    const { id } = occupant.user;
    draft.setPerson(id, withSettledTimes(personValue(occupant), draft.person(id)));
  }
}

function setRoomStatus(draft: VoiceDraft, data: EventData<"room.status">): void {
  const room = draft.room(data.roomId);
  if (room === undefined) return;
  const startedAt = data.startedAt === null ? null : Date.parse(data.startedAt);
  draft.setRoom(data.roomId, { ...room, status: data.status, startedAt });
}

function enter(draft: VoiceDraft, occupant: Occupant, wasInVoice: boolean): void {
  const { id } = occupant.user;
  const value = personValue(occupant);
  draft.setPerson(id, wasInVoice ? withContinuedTimes(value, draft.person(id)) : value);
}

function leave(draft: VoiceDraft, data: EventData<"voice.left">, timestamp: string): void {
  if (data.movedTo === undefined) draft.removePerson(data.user.id);
  else enter(draft, { ...data, roomId: data.movedTo, roomSince: timestamp }, true);
}

function setGuild(draft: VoiceDraft, data: EventData<"guild.updated">): void {
  const meta = draft.meta();
  if (meta === undefined) return;
  draft.setMeta({ ...metaValue(data.guild, meta.source.status, meta.source.since) });
  const keys = new Set(data.categories.map(({ id }) => categoryKey(id)));
  draft.retain((key) => !key.startsWith(categoryKey("")) || keys.has(key));
  for (const category of data.categories) draft.setCategory(category.id, categoryValue(category));
}
