/**
 * The engine that keeps everything in memory: one process, one life. All topics share one epoch, that life, so a topic
 * that nobody has written to needs no room (E5); one that was restarted has an epoch of its own.
 */
import type { CommitOutcome, SourceCommit, SourceRecord, TopicChange, TopicEngine } from "./topic-engine.ts";
import { createTopicListeners } from "./topic-listeners.ts";
import { createTopicLog, planRestart, type TopicLog, withoutRing } from "./topic-log.ts";

export interface MemoryEngineOptions {
  /** Random text, new in each life of the process: two lives must never share it. */
  readonly epoch: string;
  readonly nowMs: () => number;
  /** Keys remembered by `once`; at the bound the oldest are forgotten. */
  readonly onceKeysMax?: number;
}

const ONCE_KEYS_MAX = 100_000;

export function createMemoryEngine(options: MemoryEngineOptions): TopicEngine {
  const { epoch, nowMs, onceKeysMax = ONCE_KEYS_MAX } = options;
  const topics = new Map<string, TopicLog>();
  const sources = new Map<string, SourceRecord>();
  const listeners = createTopicListeners();
  const onceUntilMs = new Map<string, number>();
  let restarts = 0;

  function written(topic: string): TopicLog {
    const log = topics.get(topic) ?? createTopicLog(epoch);
    topics.set(topic, log);
    return log;
  }

  function read(topic: string): TopicLog {
    return topics.get(topic) ?? createTopicLog(epoch);
  }

  function commitNow(commit: SourceCommit): CommitOutcome {
    const version = sources.get(commit.source)?.version ?? 0;
    if (version !== commit.expectedVersion) return { type: "conflict" };
    const { source, cursor, note } = commit;
    const record: SourceRecord = { source, version: version + 1, cursor, note };
    sources.set(source, record);
    for (const change of commit.topics) changeTopic(change);
    return { type: "committed", record };
  }

  function changeTopic({ topic, ops, atMs, restart = false, ...change }: TopicChange): void {
    const times = { atMs, nowMs: nowMs() };
    if (ops.length === 0 && !restart) return;
    const log = restart ? restarted(topic) : written(topic);
    const planned = restart ? planRestart(log, ops, times) : log.plan(ops, times);
    if (planned === undefined) return;
    log.apply(change.withoutRing === true ? withoutRing(planned) : planned, times.nowMs);
    listeners.emit({ topic, delta: planned.delta, digest: log.digest() });
  }

  function restarted(topic: string): TopicLog {
    restarts += 1;
    const log = createTopicLog(`${epoch}_${restarts}`);
    topics.set(topic, log);
    return log;
  }

  function onceNow(key: string, ttlMs: number): boolean {
    const now = nowMs();
    const untilMs = onceUntilMs.get(key);
    if (untilMs !== undefined && untilMs > now) return false;
    onceUntilMs.delete(key);
    onceUntilMs.set(key, now + ttlMs);
    for (const [oldest, itsUntilMs] of onceUntilMs) {
      if (onceUntilMs.size <= onceKeysMax && itsUntilMs > now) break;
      onceUntilMs.delete(oldest);
    }
    return true;
  }

  return {
    capabilities: { durable: false, multiProcess: false },
    commit: async (commit) => commitNow(commit),
    load: async (topic) => read(topic).snapshot(),
    since: async (topic, position) => read(topic).since(position, nowMs()),
    chain: async (topic, position) => read(topic).chain(position, nowMs()),
    loadSource: async (source) => sources.get(source),
    listSources: async () => [...sources.values()],
    listen: listeners.listen,
    subscribe: listeners.subscribe,
    once: async (key, ttlMs) => onceNow(key, ttlMs),
    close: async () => listeners.clear(),
  };
}
