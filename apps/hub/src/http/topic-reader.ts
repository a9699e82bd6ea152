/**
 * Topics as they are now, and what led there from a position, for those who ask and do not stay: one load and one
 * encoding per position, whoever asks.
 *
 *   engine ──commit──▶ forget          read, since ──▶ kept, or one load that all who ask meanwhile share
 */
import { type VoiceRoomsView, voiceRooms } from "@guildwire/client";
import type { Entry, Position, TopicEngine, TopicSnapshot } from "@guildwire/live";
import { positionText } from "./position-text.ts";

/** Topics kept; at the bound the one that was asked for first is loaded again when it is wanted. */
export const TOPICS_KEPT_MAX = 256;
/** Positions of one topic whose changes are kept; at the bound they are made for each who asks. */
const CHANGES_KEPT_MAX = 64;

export interface TopicReading {
  readonly topic: string;
  readonly position: Position;
  readonly entries: readonly Entry[];
  /** False: no worker has ever delivered anything that this topic shows. */
  readonly isWritten: boolean;
  /** The snapshot as JSON: `{topic, e, o, dg, at, state}`. */
  body(): Uint8Array<ArrayBuffer>;
  rooms(): VoiceRoomsView;
}

export type TopicChanges =
  | { readonly type: "none" }
  /** As JSON: `{topic, e, f, o, at, ops}`. */
  | { readonly type: "delta"; readonly body: Uint8Array<ArrayBuffer> }
  /** The position cannot be continued: the topic must be read afresh. */
  | { readonly type: "startAgain" };

/** Both reject when the topic cannot be read. */
export interface TopicReader {
  read(topic: string): Promise<TopicReading>;
  since(topic: string, position: Position): Promise<TopicChanges>;
  close(): void;
}

interface Kept {
  reading: Promise<TopicReading> | undefined;
  /** By the position they begin at: those that are being made, and deltas. */
  readonly changes: Map<string, Promise<TopicChanges>>;
}

export function createTopicReader(engine: TopicEngine): TopicReader {
  const kept = new Map<string, Kept>();
  const stopListening = engine.listen(({ topic }) => void kept.delete(topic));

  function keep(topic: string): Kept {
    const known = kept.get(topic);
    if (known !== undefined) return known;
    const made: Kept = { reading: undefined, changes: new Map() };
    kept.set(topic, made);
    const oldest = kept.keys().next();
    if (kept.size > TOPICS_KEPT_MAX && oldest.done === false) kept.delete(oldest.value);
    return made;
  }

  function forget(topic: string, place: Kept): void {
    if (kept.get(topic) === place) kept.delete(topic);
  }

  async function load(topic: string): Promise<TopicReading> {
    const snapshot = await engine.load(topic);
    return readingOf(topic, snapshot, await newestChangeMs(engine, topic, snapshot.position));
  }

  return {
    async read(topic) {
      const place = keep(topic);
      if (place.reading !== undefined) return await place.reading;
      place.reading = load(topic);
      try {
        const reading = await place.reading;
        // Names of topics are strangers' words; what nobody writes to is not kept.
        if (!reading.isWritten) forget(topic, place);
        return reading;
      } catch (cause) {
        forget(topic, place);
        throw cause;
      }
    },

    async since(topic, position) {
      const key = positionText(position);
      const place = keep(topic);
      const known = place.changes.get(key);
      if (known !== undefined) return await known;
      const made = changesSince(engine, topic, position);
      // A commit wakes all who wait at once: they share what is being made, and a later commit leaves this place.
      const isKept = place.changes.size < CHANGES_KEPT_MAX;
      if (isKept) place.changes.set(key, made);
      let isDelta = false;
      try {
        const changes = await made;
        isDelta = changes.type === "delta";
        return changes;
      } finally {
        // Only what the log knows stays: positions are strangers' words as well.
        if (isKept && !isDelta) place.changes.delete(key);
        if (place.reading === undefined && place.changes.size === 0) forget(topic, place);
      }
    },

    close() {
      stopListening();
      kept.clear();
    },
  };
}

async function changesSince(engine: TopicEngine, topic: string, position: Position): Promise<TopicChanges> {
  const since = await engine.since(topic, position);
  if (since.type !== "delta") return { type: "startAgain" };
  if (since.delta === undefined) return { type: "none" };
  const { epoch: e, from: f, to: o, atMs: at, ops } = since.delta;
  return { type: "delta", body: Buffer.from(JSON.stringify({ topic, e, f, o, at, ops })) };
}

/** When the newest change happened, Unix ms; `null` when it is longer ago than the topic's log reaches. */
async function newestChangeMs(
  engine: TopicEngine,
  topic: string,
  { epoch, offset }: Position,
): Promise<number | null> {
  if (offset === 0) return null;
  const since = await engine.since(topic, { epoch, offset: offset - 1 });
  return since.type === "delta" ? (since.delta?.atMs ?? null) : null;
}

function readingOf(topic: string, snapshot: TopicSnapshot, atMs: number | null): TopicReading {
  const { position, digest, entries } = snapshot;
  let body: Uint8Array<ArrayBuffer> | undefined;
  let rooms: VoiceRoomsView | undefined;
  return {
    topic,
    position,
    entries,
    isWritten: position.offset > 0 || entries.length > 0,
    body() {
      const { epoch: e, offset: o } = position;
      body ??= Buffer.from(JSON.stringify({ topic, e, o, dg: digest, at: atMs, state: entries }));
      return body;
    },
    rooms() {
      rooms ??= voiceRooms(new Map(entries.map((entry) => [entry[0], entry])));
      return rooms;
    },
  };
}
