/**
 * What one POST carries: the events that wait, in order, up to a bound. At rest that is one event at once; behind a
 * slow receiver it is whatever came meanwhile. Nothing waits for a batch to fill.
 */
import { PARKED_EVENT_TYPE } from "@guildwire/events";
import type { OutboxEntry } from "../store/outbox-table.ts";

export const BATCH_EVENTS_MAX = 256;
export const BATCH_BYTES_MAX = 256 * 1024;

/** A batch keeps its composition, body and id until it is acknowledged or split: a retry is the same message. */
export interface Batch {
  readonly id: string;
  readonly body: string;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly events: number;
  /** How many of them are tombstones of parked events. */
  readonly tombstones: number;
  /** When the oldest of its events was written, for the age of the log. */
  readonly oldestTimestamp: string;
}

export interface BatchOrigin {
  readonly source: string;
  readonly epoch: string;
}

/** `undefined` when nothing waits. `bytesMax` is of the body, softly: a single event above it goes alone. */
export function composeBatch(
  origin: BatchOrigin,
  waiting: readonly OutboxEntry[],
  bytesMax = BATCH_BYTES_MAX,
): Batch | undefined {
  const texts: string[] = [];
  let bytes = 0;
  for (const entry of waiting.slice(0, BATCH_EVENTS_MAX)) {
    const text = eventText(origin.epoch, entry);
    bytes += Buffer.byteLength(text) + 1;
    if (texts.length > 0 && bytes > bytesMax) break;
    texts.push(text);
  }
  const first = waiting[0];
  const last = waiting[texts.length - 1];
  if (first === undefined || last === undefined) return undefined;
  const tombstones = waiting.slice(0, texts.length).filter(({ type }) => type === PARKED_EVENT_TYPE).length;
  // A tombstone makes another body of the same range, and another body is another message.
  const mark = tombstones === 0 ? "" : `_p${tombstones}`;
  return {
    id: `${origin.epoch}_${first.seq}_${last.seq}${mark}`,
    body: `{"source":${JSON.stringify(origin.source)},"epoch":${JSON.stringify(origin.epoch)},"events":[${texts.join(",")}]}`,
    firstSeq: first.seq,
    lastSeq: last.seq,
    events: texts.length,
    tombstones,
    oldestTimestamp: first.timestamp,
  };
}

/** `data` is stored as JSON text and goes out as it is: an event is serialised once in its life. */
function eventText(epoch: string, { seq, type, timestamp, data }: OutboxEntry): string {
  return `{"seq":${seq},"id":"${epoch}-${seq}","type":"${type}","timestamp":"${timestamp}","data":${data}}`;
}
