/**
 * A memory engine written as a class, with private state and methods on its prototype. Tests run the hub on it: a wrapper
 * that spreads an engine, or that takes its methods off it, fails at once.
 */
import type { Position } from "../position.ts";
import type {
  CommitOutcome,
  SourceCommit,
  SourceRecord,
  TopicChange,
  TopicEngine,
  TopicListener,
} from "../topic-engine.ts";
import { createTopicListeners } from "../topic-listeners.ts";
import {
  createTopicLog,
  planRestart,
  type RingDelta,
  type Since,
  type TopicLog,
  type TopicSnapshot,
  withoutRing,
} from "../topic-log.ts";

export class ClassEngine implements TopicEngine {
  readonly capabilities = { durable: false, multiProcess: false };
  readonly #nowMs: () => number;
  readonly #listeners = createTopicListeners();
  readonly #topics = new Map<string, TopicLog>();
  readonly #sources = new Map<string, SourceRecord>();
  readonly #onceUntilMs = new Map<string, number>();
  #epochs = 0;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  async commit({ source, expectedVersion, cursor, note, topics }: SourceCommit): Promise<CommitOutcome> {
    const version = this.#sources.get(source)?.version ?? 0;
    if (version !== expectedVersion) return { type: "conflict" };
    const record: SourceRecord = { source, version: version + 1, cursor, note };
    this.#sources.set(source, record);
    for (const change of topics) this.#change(change);
    return { type: "committed", record };
  }

  async load(topic: string): Promise<TopicSnapshot> {
    return this.#logOf(topic).snapshot();
  }

  async since(topic: string, position: Position): Promise<Since> {
    return this.#logOf(topic).since(position, this.#nowMs());
  }

  async chain(topic: string, position: Position): Promise<readonly RingDelta[] | undefined> {
    return this.#logOf(topic).chain(position, this.#nowMs());
  }

  async loadSource(source: string): Promise<SourceRecord | undefined> {
    return this.#sources.get(source);
  }

  async listSources(): Promise<readonly SourceRecord[]> {
    return [...this.#sources.values()];
  }

  listen(listener: TopicListener): () => void {
    return this.#listeners.listen(listener);
  }

  subscribe(topic: string, listener: TopicListener): () => void {
    return this.#listeners.subscribe(topic, listener);
  }

  async once(key: string, ttlMs: number): Promise<boolean> {
    const now = this.#nowMs();
    const isFirst = (this.#onceUntilMs.get(key) ?? 0) <= now;
    if (isFirst) this.#onceUntilMs.set(key, now + ttlMs);
    return isFirst;
  }

  async close(): Promise<void> {
    this.#listeners.clear();
  }

  #logOf(topic: string): TopicLog {
    return this.#topics.get(topic) ?? createTopicLog("class0");
  }

  #change({ topic, ops, atMs, restart = false, ...change }: TopicChange): void {
    if (ops.length === 0 && !restart) return;
    const times = { atMs, nowMs: this.#nowMs() };
    const log = restart ? createTopicLog(`class${++this.#epochs}`) : this.#logOf(topic);
    const planned = restart ? planRestart(log, ops, times) : log.plan(ops, times);
    if (planned === undefined) return;
    this.#topics.set(topic, log);
    log.apply(change.withoutRing === true ? withoutRing(planned) : planned, times.nowMs);
    this.#listeners.emit({ topic, delta: planned.delta, digest: log.digest() });
  }
}
