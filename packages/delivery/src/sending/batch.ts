/**
 * A run of events of one stream for one receiver: what waits, in order, up to a bound. At rest that is one event at
 * once; behind a slow receiver it is what came meanwhile. Nothing waits for a batch to fill.
 */
import { EVENTS_LOST_TYPE } from "@guildwire/events";
import type { Stream } from "../stream.ts";
import type { RenderedEvent } from "./rendering.ts";

export const BATCH_EVENTS_MAX = 256;
export const BATCH_BYTES_MAX = 256 * 1024;

/** A batch keeps its composition, body and id until it is acknowledged or split: a retry is the same message. */
export interface Batch {
  readonly stream: string;
  readonly epoch: string;
  readonly id: string;
  /** The delivery in the single form; a member of `deliveries` in the multi form. */
  readonly body: string;
  readonly bytes: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly events: number;
  /** How many of them are tombstones of parked events. */
  readonly tombstones: number;
  /** Entries of the log among them, and the bytes of their data. */
  readonly entries: number;
  readonly entryBytes: number;
  readonly hasSnapshot: boolean;
  /** When the oldest of its events was written, for the age of the log. */
  readonly oldestTimestamp: string;
}

/** `undefined` when nothing waits. `bytesMax` is of the body, softly: a single event above it goes alone. */
export function composeBatch(
  { id: source, epoch, fence }: Pick<Stream, "id" | "epoch" | "fence">,
  waiting: readonly RenderedEvent[],
  bytesMax = BATCH_BYTES_MAX,
  isSnapshot: (type: string) => boolean = () => false,
): Batch | undefined {
  const texts: string[] = [];
  let bytes = 0;
  for (const event of waiting.slice(0, BATCH_EVENTS_MAX)) {
    const text = eventText(epoch, event);
    const length = Buffer.byteLength(text) + 1;
    if (texts.length > 0 && bytes + length > bytesMax) break;
    bytes += length;
    texts.push(text);
  }
  const first = waiting[0];
  const last = waiting[texts.length - 1];
  if (first === undefined || last === undefined) return undefined;
  let [tombstones, blanked, entries, entryBytes] = [0, 0, 0, 0];
  let hasSnapshot = false;
  for (const event of waiting.slice(0, texts.length)) {
    tombstones += Number(event.isTombstone);
    blanked += event.blanked;
    entries += Number(event.isEntry);
    entryBytes += event.entryBytes;
    hasSnapshot ||= isSnapshot(event.type);
  }
  const head = `{"source":${JSON.stringify(source)},"epoch":${JSON.stringify(epoch)},${fence > 0 ? `"fence":${fence},` : ""}"events":[`;
  const body = `${head}${texts.join(",")}]}`;
  return {
    stream: source,
    epoch,
    id: `${epoch}_${first.seq}_${last.seq}${marks(first, tombstones, blanked)}`,
    body,
    bytes: Buffer.byteLength(head) + bytes + 1,
    firstSeq: first.seq,
    lastSeq: last.seq,
    events: texts.length,
    tombstones,
    entries,
    entryBytes,
    hasSnapshot,
    oldestTimestamp: first.timestamp,
  };
}

/** Another body of the same range is another message, so it has another id. */
function marks(first: RenderedEvent, tombstones: number, blanked: number): string {
  const lost = first.type === EVENTS_LOST_TYPE ? "_l" : "";
  return `${lost}${tombstones === 0 ? "" : `_p${tombstones}`}${blanked === 0 ? "" : `_r${blanked}`}`;
}

function eventText(epoch: string, { seq, type, timestamp, data }: RenderedEvent): string {
  return `{"seq":${seq},"id":"${epoch}-${seq}","type":"${type}","timestamp":"${timestamp}","data":${data}}`;
}
