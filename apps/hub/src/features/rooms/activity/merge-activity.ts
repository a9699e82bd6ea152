/**
 * What happened lately, from two tellers: the hub's history, which was read when the topic was at a certain position,
 * and the changes that the page has seen itself as its copy went from one position to the next.
 *
 *   1. A change that ended at or before the history's position is in the history, which knows its time better.
 *   2. A change that began at or after it is not.
 *   3. One that spans it (a page that catches up gets one delta for many) is, if the history has that deed from after
 *      the change began.
 *   4. Positions of another epoch cannot be compared. Then the clock decides.
 */
import type { Activity, RoomHistory } from "../history/room-history.ts";

export const ACTIVITY_MAX = 100;

/** What the page tells of a deed; the history says where it is in the topic as well. */
export type Deed = Pick<Activity, "atMs" | "type" | "person" | "room" | "to">;

/** A change this page has seen. */
export interface SeenDeed extends Deed {
  readonly epoch: string;
  /** The topic's offsets before and after it. */
  readonly begin: number;
  readonly end: number;
  /** When the page learned of it, by the hub's clock. `atMs` may be earlier. */
  readonly heardAtMs: number;
}

/** Newest first. */
export function mergeActivity(history: RoomHistory | null, seen: readonly SeenDeed[]): readonly Deed[] {
  if (history === null) return seen.slice(0, ACTIVITY_MAX);
  const news = seen.filter((deed) => !isIn(history, deed));
  return [...news, ...history.activity].sort((a, b) => b.atMs - a.atMs).slice(0, ACTIVITY_MAX);
}

function isIn(history: RoomHistory, deed: SeenDeed): boolean {
  if (deed.epoch !== history.e) return deed.heardAtMs <= history.at;
  if (deed.end <= history.o) return true;
  if (deed.begin >= history.o) return false;
  return history.activity.some((told) => told.o > deed.begin && isSameDeed(told, deed));
}

function isSameDeed(a: Deed, b: Deed): boolean {
  return a.type === b.type && a.person.id === b.person.id && a.room.id === b.room.id && a.to?.id === b.to?.id;
}
