/** People over the last day, ready to be drawn: the hub's history, brought up to now by what the page sees. */
import type { RoomView, VoiceRoomsView } from "@guildwire/client";
import type { RoomHistory } from "../history/room-history.ts";

/** The most people at once in each stretch of time, oldest first; `null` where nobody watched. */
export type Series = readonly (number | null)[];

export interface RoomDay {
  readonly id: string;
  readonly name: string;
  readonly kind: RoomView["kind"];
  readonly now: number;
  readonly people: Series;
}

export interface Day {
  /** Unix ms at which the first stretch begins. */
  readonly fromMs: number;
  readonly stretchMs: number;
  readonly rooms: readonly RoomDay[];
  /** Of all rooms together. */
  readonly total: Series;
}

/** The hub's history in points as fine as the plots can show. It changes only when the history is read again. */
export interface PastDay {
  readonly fromMs: number;
  readonly stretchMs: number;
  readonly length: number;
  readonly together: Series;
  readonly rooms: ReadonlyMap<string, Series>;
}

/** Stretches of the hub's that make one of ours. */
const JOINED = 3;

export function pastDayOf(history: RoomHistory): PastDay {
  const together = joined(history.together);
  return {
    fromMs: history.from,
    stretchMs: history.bucketMs * JOINED,
    length: together.length,
    together,
    rooms: new Map(history.rooms.map(({ id, people }) => [id, joined(people)])),
  };
}

/** Of one room with so many people now; the same series until it changes. */
export function roomSeries(past: PastDay, roomId: string, now: number): Series {
  return upToNow(past.rooms.get(roomId) ?? new Array<null>(past.length).fill(null), now);
}

function upToNow(people: Series, now: number): Series {
  return now <= (people.at(-1) ?? -1) || people.length === 0 ? people : [...people.slice(0, -1), now];
}

/** In the order of the page's rooms; rooms that no longer exist are left out. */
export function dayOf(past: PastDay, { categories, people }: VoiceRoomsView): Day {
  const rooms = categories.flatMap((category) =>
    category.rooms.map(
      ({ id, name, kind, peopleCount: now }): RoomDay => ({
        id,
        name,
        kind,
        now,
        people: roomSeries(past, id, now),
      }),
    ),
  );
  const { fromMs, stretchMs, together } = past;
  return { fromMs, stretchMs, rooms, total: upToNow(together, people.size) };
}

function joined(people: Series): Series {
  const points: (number | null)[] = [];
  for (let index = 0; index < people.length; index += JOINED) {
    const some = people.slice(index, index + JOINED).filter((count) => count !== null);
    points.push(some.length === 0 ? null : Math.max(...some));
  }
  return points;
}

/** The most there were, and when that began; `null` where nothing is known but emptiness. */
export function peakOf(people: Series): { readonly count: number; readonly index: number } | null {
  let peak: { count: number; index: number } | null = null;
  for (const [index, count] of people.entries()) {
    if (count !== null && count > (peak?.count ?? 0)) peak = { count, index };
  }
  return peak;
}
