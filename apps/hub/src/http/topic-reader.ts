/**
 * Topics as they are now, for those who read and do not follow: one load and one encoding per position, whoever asks.
 *
 *   engine ──commit──▶ forget          read ──▶ kept, or one load that all who ask meanwhile share
 */
import { type VoiceRoomsView, voiceRooms } from "@guildwire/client";
import type { Entry, Position, TopicEngine, TopicSnapshot } from "@guildwire/live";

/** Topics kept; at the bound the one that was asked for first is loaded again when it is wanted. */
export const TOPICS_KEPT_MAX = 256;

export interface TopicReading {
  readonly topic: string;
  readonly position: Position;
  readonly entries: readonly Entry[];
  /** False: no worker has ever delivered anything that this topic shows. */
  readonly isWritten: boolean;
  /** The snapshot as JSON: `{topic, e, o, dg, at, state}`. */
  body(): Uint8Array;
  rooms(): VoiceRoomsView;
}

export interface TopicReader {
  /** Rejects when the topic cannot be read. */
  read(topic: string): Promise<TopicReading>;
  close(): void;
}

export function createTopicReader(engine: TopicEngine): TopicReader {
  const kept = new Map<string, Promise<TopicReading>>();
  const stopListening = engine.listen(({ topic }) => void kept.delete(topic));

  async function load(topic: string): Promise<TopicReading> {
    const snapshot = await engine.load(topic);
    return readingOf(topic, snapshot, await newestChangeMs(engine, topic, snapshot.position));
  }

  return {
    async read(topic) {
      const known = kept.get(topic);
      if (known !== undefined) return await known;
      const loading = load(topic);
      kept.set(topic, loading);
      const forget = (): void => void (kept.get(topic) === loading && kept.delete(topic));
      const oldest = kept.keys().next();
      if (kept.size > TOPICS_KEPT_MAX && oldest.done === false) kept.delete(oldest.value);
      try {
        const reading = await loading;
        // Names of topics are strangers' words; what nobody writes to is not kept.
        if (!reading.isWritten) forget();
        return reading;
      } catch (cause) {
        forget();
        throw cause;
      }
    },
    close() {
      stopListening();
      kept.clear();
    },
  };
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
  let body: Uint8Array | undefined;
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
