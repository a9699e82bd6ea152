/**
 * What is shown of a source that is silent while that cannot be stored (a full disk): its topics as they are, but stale.
 * Whoever serves topics reads this engine; whoever writes or records them, the one beneath.
 *
 *   engine ──▶ topics that are trusted, as they are
 *          └─▶ doubted topics: the same entries, a status `stale`, and a log of their own of one step
 *
 * Rules:
 *   B1  A doubted topic has an epoch nobody has seen and offset 1, where all its entries have their revision. So no reader
 *       takes it for a part of the real log, and its digest is that of what is told.
 *   B2  Listeners hear of it as of a topic that begins anew, and of the return to the real log by a delta of that log's
 *       epoch: readers of both must start again.
 *   B3  A commit to the topic ends the doubt; so does `trust`, for what the commit left as it was.
 *   B4  Nothing of it is stored. Another process, or the next life, has to find out for itself.
 */
import {
  type CommittedDelta,
  createTopicListeners,
  type Delta,
  delegatingEngine,
  digestOf,
  type Entry,
  type Op,
  type Position,
  type Since,
  type TopicEngine,
  type TopicSnapshot,
} from "@guildwire/live";

export interface DoubtedTopics {
  /** What is to be served. Its `close` is the engine's. */
  readonly shown: TopicEngine;
  /** The source is silent, and that could not be stored. */
  doubt(source: string): Promise<void>;
  /** What is stored of the source is its own word, or says that it is stale. */
  trust(source: string): Promise<void>;
  isDoubted(topic: string): boolean;
  /** Of how many sources. */
  count(): number;
}

export interface DoubtedTopicsParts {
  readonly engine: TopicEngine;
  /** All topics of a source that are shown. */
  readonly topicsOf: (source: string) => readonly string[];
  /** The entry as it is while its source is silent since `sinceMs`; the entry itself when that makes no difference. */
  readonly staleEntry: (entry: Entry, sinceMs: number) => Entry;
  readonly newEpoch: () => string;
  readonly nowMs: () => number;
}

interface Doubt {
  readonly epoch: string;
  readonly sinceMs: number;
}

export function createDoubtedTopics({
  engine,
  topicsOf,
  staleEntry,
  newEpoch,
  nowMs,
}: DoubtedTopicsParts): DoubtedTopics {
  const doubts = new Map<string, Doubt>();
  const sources = new Set<string>();
  const listeners = createTopicListeners();

  engine.listen((committed) => {
    doubts.delete(committed.topic);
    tell(committed);
  });

  function tell(committed: CommittedDelta): void {
    listeners.emit(committed);
  }

  async function begin(topic: string): Promise<void> {
    const doubt: Doubt = { epoch: newEpoch(), sinceMs: nowMs() };
    doubts.set(topic, doubt);
    const { position, digest, entries } = await load(topic);
    // It was committed to meanwhile, or there is nothing to doubt.
    if (doubts.get(topic) !== doubt || position.epoch !== doubt.epoch) return;
    const ops = entries.map(([key, value]): Op => ["s", key, value]);
    const delta: Delta = { epoch: doubt.epoch, from: 0, to: 1, atMs: doubt.sinceMs, ops };
    tell({ topic, delta, digest });
  }

  async function end(topic: string): Promise<void> {
    if (!doubts.delete(topic)) return;
    const { position, digest } = await engine.load(topic);
    const { epoch, offset: to } = position;
    if (to > 0) tell({ topic, delta: { epoch, from: to - 1, to, atMs: nowMs(), ops: [] }, digest });
  }

  async function load(topic: string): Promise<TopicSnapshot> {
    const snapshot = await engine.load(topic);
    const doubt = doubts.get(topic);
    if (doubt === undefined || snapshot.position.offset === 0) return snapshot;
    const entries = snapshot.entries.map((entry): Entry => {
      const [key, value] = staleEntry(entry, doubt.sinceMs);
      return [key, value, 1];
    });
    const digest = digestOf(entries.map(([key, , rev]) => [key, rev]));
    return { position: { epoch: doubt.epoch, offset: 1 }, digest, entries };
  }

  async function since(topic: string, position: Position): Promise<Since> {
    const doubt = doubts.get(topic);
    if (doubt === undefined) return await engine.since(topic, position);
    const top = await load(topic);
    if (position.epoch !== top.position.epoch) return { type: "snapshot" };
    if (position.offset > top.position.offset) return { type: "ahead" };
    return position.offset === top.position.offset
      ? { type: "delta", position: top.position, digest: top.digest, delta: undefined }
      : { type: "snapshot" };
  }

  return {
    shown: delegatingEngine(engine, {
      load,
      since,
      chain: async (topic, position) => (doubts.has(topic) ? undefined : await engine.chain(topic, position)),
      listen: listeners.listen,
      subscribe: listeners.subscribe,
    }),
    async doubt(source) {
      if (sources.has(source)) return;
      sources.add(source);
      await Promise.all(topicsOf(source).map(begin));
    },
    async trust(source) {
      if (sources.delete(source)) await Promise.all(topicsOf(source).map(end));
    },
    isDoubted: (topic) => doubts.has(topic),
    count: () => sources.size,
  };
}
