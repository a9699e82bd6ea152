/** From the worker's shapes to what browsers get: times become Unix ms, eight flags one number. */

import {
  type CategoryValue,
  type MetaValue,
  PersonFlag,
  type PersonValue,
  type RoomValue,
} from "@guildwire/client/rooms";
import type { Category, Guild, Occupant, Room, SourceStatus, VoiceFlags } from "@guildwire/events";
import type { Entry } from "@guildwire/live";

export const META_KEY = "m";
export const categoryKey = (id: string): string => `c:${id}`;
export const roomKey = (id: string): string => `r:${id}`;
export const personKey = (userId: string): string => `u:${userId}`;

export function metaValue(guild: Guild, status: SourceStatus, sinceMs: number): MetaValue {
  return {
    guild: { id: guild.id, name: guild.name, iconUrl: guild.iconUrl },
    source: { status, since: sinceMs },
  };
}

export function categoryValue(category: Category): CategoryValue {
  return { name: category.name, position: category.position };
}

export function roomValue(room: Room): RoomValue {
  return {
    name: room.name,
    kind: room.kind,
    position: room.position,
    parentId: room.parentId,
    userLimit: room.userLimit,
    status: room.status,
    startedAt: room.startedAt === null ? null : Date.parse(room.startedAt),
  };
}

export function personValue(occupant: Occupant): PersonValue {
  const value: PersonValue = {
    room: occupant.roomId,
    name: occupant.user.name,
    avatarUrl: occupant.user.avatarUrl,
    bot: occupant.user.bot,
    flags: personFlags(occupant.state),
    since: Date.parse(occupant.since),
    roomSince: Date.parse(occupant.roomSince),
  };
  return occupant.approx === true ? { ...value, approx: true } : value;
}

/**
 * Guessed times never replace what is already held of the same stay: a worker that lost its memory knows less than
 * the hub. Times that are no guess do.
 */
export function withSettledTimes(value: PersonValue, held: PersonValue | undefined): PersonValue {
  if (held === undefined || value.approx !== true) return value;
  const { approx: _guess, ...known } = value;
  if (held.room === value.room) {
    const times = { since: held.since, roomSince: held.roomSince };
    return held.approx === true ? { ...known, ...times, approx: true } : { ...known, ...times };
  }
  return { ...known, since: held.since, approx: true };
}

/** The same stay goes on (a move, a change of flags): when it began does not change, unless it was a guess so far. */
export function withContinuedTimes(value: PersonValue, held: PersonValue | undefined): PersonValue {
  if (held === undefined || (held.approx === true && value.approx !== true)) return value;
  const roomSince = held.room === value.room ? held.roomSince : value.roomSince;
  return { ...value, since: held.since, roomSince };
}

function personFlags(state: VoiceFlags): number {
  const bits: readonly (readonly [boolean, number])[] = [
    [state.selfMute, PersonFlag.SelfMute],
    [state.selfDeaf, PersonFlag.SelfDeaf],
    [state.mute, PersonFlag.Mute],
    [state.deaf, PersonFlag.Deaf],
    [state.suppress, PersonFlag.Suppress],
    [state.stream, PersonFlag.Stream],
    [state.video, PersonFlag.Video],
    [state.handRaised, PersonFlag.HandRaised],
  ];
  return bits.reduce((flags, [isSet, bit]) => (isSet ? flags | bit : flags), 0);
}

/** How a source is shown; `undefined` before its first snapshot. */
export function statusIn(entries: readonly Entry[]): MetaValue["source"] | undefined {
  const meta = entries.find(([key]) => key === META_KEY)?.[1] as MetaValue | undefined;
  return meta?.source;
}
