/**
 * The log as one receiver sees it: pure. Events come as stored, but for what is this receiver's alone.
 *
 *   a jump in a fact stream    events.lost at its last number
 *   a jump in a state stream   `compacted` on the snapshot behind it and on the status behind that
 *   a parked event             event.parked in its place
 *   a number without an entry  state: the stream's status, repeated; fact: events.lost
 *   another receiver's entry   event.skipped
 *
 * Rules:
 *   RENDER-1  What comes out has no hole: each number follows the one before.
 *   RENDER-2  Nothing of a fact stream is missing without `events.lost`, also when the store has lost it.
 */
import { EVENT_SKIPPED_TYPE, EVENTS_LOST_TYPE, PARKED_EVENT_TYPE } from "@guildwire/events";
import { type Cursor, type Jump, readAfter } from "../cursor.ts";
import type { LogEntry } from "../store/delivery-store.ts";
import type { Stream } from "../stream.ts";

/** An event as it is sent. */
export interface RenderedEvent {
  readonly seq: number;
  readonly type: string;
  readonly timestamp: string;
  /** JSON text. */
  readonly data: string;
  readonly isTombstone: boolean;
  readonly blanked: number;
  /** Bytes of the entry behind it, and whether there is one that this receiver waits for. */
  readonly entryBytes: number;
  readonly isEntry: boolean;
}

export interface Tombstone {
  /** Of the event that was parked. */
  readonly type: string;
  readonly reason: string;
}

export interface RenderInput {
  readonly stream: Stream;
  readonly cursor: Cursor;
  /** Rendering begins behind this number, at `readAfter(cursor)` or later. */
  readonly after: number;
  /** What the log holds behind `after`. */
  readonly entries: readonly LogEntry[];
  /** `entries` reach the end of the log, so numbers behind them have no entry. */
  readonly reachesTop: boolean;
  readonly tombstones: ReadonlyMap<number, Tombstone>;
  /** JSON text of the status that is repeated; `null` when there is none. */
  readonly statusData: string | null;
  readonly nowIso: string;
  /** No more than this many are needed. */
  readonly eventsMax: number;
}

export function rendered(input: RenderInput): readonly RenderedEvent[] {
  const { stream, cursor, after, entries, reachesTop, eventsMax } = input;
  const events: RenderedEvent[] = [];
  let last = after;
  const { jump } = cursor;
  if (stream.kind === "fact" && jump !== null && after === readAfter(cursor)) events.push(lost(jump, input));
  for (const entry of entries) {
    if (events.length >= eventsMax) return events;
    fill(entry.seq - 1);
    events.push(ofEntry(entry, input));
    last = entry.seq;
  }
  if (reachesTop) fill(stream.top);
  return events;

  function fill(throughSeq: number): void {
    if (throughSeq <= last) return;
    if (stream.kind === "fact") {
      const hole = {
        from: last + 1,
        to: throughSeq,
        count: null,
        reason: "reset",
        through: throughSeq,
      } as const;
      events.push(lost(hole, input));
      last = throughSeq;
    }
    while (last < throughSeq && events.length < eventsMax) {
      last += 1;
      events.push(filler(last, input));
    }
  }
}

function ofEntry(entry: LogEntry, input: RenderInput): RenderedEvent {
  const { cursor, stream, tombstones } = input;
  const { seq, type, timestamp, blanked } = entry;
  if (entry.receiver !== null && entry.receiver !== cursor.receiver) return filler(seq, input);
  const event = { seq, timestamp, blanked, entryBytes: Buffer.byteLength(entry.data), isEntry: true };
  const tombstone = tombstones.get(seq);
  if (tombstone !== undefined) {
    const data = JSON.stringify({ seq, id: `${stream.epoch}-${seq}`, ...tombstone });
    return { ...event, type: PARKED_EVENT_TYPE, data, isTombstone: true };
  }
  const { jump } = cursor;
  const mentionsJump =
    stream.kind === "state" && jump !== null && (seq === jump.to + 1 || seq === jump.through);
  const data = mentionsJump ? withCompacted(entry.data, jump) : entry.data;
  return { ...event, type, data, isTombstone: false };
}

/** `data` is the text of a JSON object. */
function withCompacted(data: string, { from, to, count }: Jump): string {
  const compacted = JSON.stringify({ from, to, events: count ?? to - from + 1 });
  const fields = data.slice(0, data.lastIndexOf("}"));
  return `${fields}${fields.trimEnd().endsWith("{") ? "" : ","}"compacted":${compacted}}`;
}

function lost({ from, to, count, reason }: Jump, { nowIso }: RenderInput): RenderedEvent {
  return made(to, EVENTS_LOST_TYPE, JSON.stringify({ from, to, count, reason }), nowIso);
}

function filler(seq: number, { stream, statusData, nowIso }: RenderInput): RenderedEvent {
  return stream.kind === "state" && statusData !== null
    ? made(seq, "source.status", statusData, nowIso)
    : made(seq, EVENT_SKIPPED_TYPE, "{}", nowIso);
}

function made(seq: number, type: string, data: string, timestamp: string): RenderedEvent {
  return { seq, type, timestamp, data, isTombstone: false, blanked: 0, entryBytes: 0, isEntry: false };
}
