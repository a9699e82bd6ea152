/**
 * The topic engine on SQLite: one hub process per file, and what is answered is on disk.
 *
 *   commit ──▶ waiting ──end of this turn──▶ planned ──one transaction──▶ memory ──▶ listeners ──▶ answers
 *
 * Rules, besides those of topic-engine.ts:
 *   Q1  The file is the truth, memory a copy of it: memory changes only after the transaction. If that fails, memory
 *       is as it was, and so is what anybody has seen.
 *   Q2  Commits of one turn of the event loop share a transaction and its fsync. A commit that touches a source or
 *       topic already in the group waits for the next group, so each is planned on what is true.
 *   Q3  Reading a topic that is in memory never touches the disk. Topics come into memory when they are first needed
 *       and stay; one that nobody has written to takes no room anywhere.
 *   Q4  The file is bounded: the ring by count, age and ops (topic-log.ts, T4), granted keys by their number, and pages
 *       that nothing uses are given back.
 *   Q5  After a failure the engine tries by itself whether writing works again: a hub that nobody delivers to because it
 *       is unhealthy would never find out otherwise.
 */
import type { DatabaseSync } from "node:sqlite";
import {
  type CommitOutcome,
  createTopicListeners,
  createTopicLog,
  EngineUnavailableError,
  type PlannedCommit,
  planRestart,
  RING_AGE_MAX_MS,
  type SourceCommit,
  type SourceRecord,
  type TopicChange,
  type TopicEngine,
  type TopicLog,
  withoutRing,
} from "@guildwire/live";
import type { Clock } from "@guildwire/runtime";
import { type StorageErrorCode, storageFailureOf } from "@guildwire/runtime/database";
import { type CommitRows, jsonText, openTopicTables, opRow, type TopicRows } from "./topic-tables.ts";

/** More commits than this wait for the next turn, so that one fsync never holds up too many. */
const GROUP_COMMITS_MAX = 256;
const GRANTED_KEYS_MAX = 100_000;
/** Between two looks at what can be given back. */
const GROUPS_PER_TIDYING = 1_024;
/** Pages of 4 KiB kept for what comes next. */
const FREE_PAGES_KEPT = 256;
/** Between a failure and the next trial; what is written for it is of the size of a large delivery. */
export const TRIAL_AFTER_MS = 5_000;
const TRIAL_BYTES = 262_144;

/** What the engine tells of itself, for log and metrics. None of these may throw. */
export interface StoreObserver {
  committed(commits: number, seconds: number): void;
  failed(code: StorageErrorCode, cause: unknown): void;
  /** At the start: the file lacks so many commits of what was served from it. */
  foundOlder(commitsMissing: number): void;
  /** At the start, and every now and then. */
  measured(sizeBytes: number): void;
}

export interface SqliteEngineOptions {
  /** As `openDatabase` gives it; the engine closes it. */
  readonly database: DatabaseSync;
  /** Random text, for a file that is new. */
  readonly newEpoch: () => string;
  readonly clock: Pick<Clock, "wallMs" | "after">;
  readonly observer: StoreObserver;
}

interface Waiting {
  readonly commit: SourceCommit;
  readonly answer: PromiseWithResolvers<CommitOutcome>;
}

interface HeldTopic {
  readonly log: TopicLog;
  /** `undefined`: the topic was never restarted and has the file's epoch. */
  readonly ownEpoch: string | undefined;
}

interface PlannedTopic {
  readonly topic: string;
  readonly held: HeldTopic;
  readonly planned: PlannedCommit;
  readonly restart: boolean;
}

interface Planned {
  readonly waiting: Waiting;
  readonly record: SourceRecord;
  readonly topics: readonly PlannedTopic[];
  readonly rows: CommitRows;
}

export function createSqliteEngine(options: SqliteEngineOptions): TopicEngine {
  const { database, newEpoch, clock, observer } = options;
  const nowMs = (): number => clock.wallMs();
  const tables = openTopicTables(database);
  const epoch = tables.epoch(newEpoch);
  const sources = new Map(tables.sources().map((record) => [record.source, record]));
  const topics = new Map<string, HeldTopic>();
  const listeners = createTopicListeners();
  let waiting: Waiting[] = [];
  let nextTurn: NodeJS.Immediate | undefined;
  let groupsUntilTidying = GROUPS_PER_TIDYING;
  let isClosed = false;
  let cancelTrial: (() => void) | undefined;
  tables.forgetDeltasBefore(nowMs() - RING_AGE_MAX_MS);
  observer.measured(tables.sizeBytes());

  function tried<Result>(what: string, work: () => Result): Result {
    try {
      return work();
    } catch (cause) {
      failed(cause);
      throw new EngineUnavailableError(`the store could not ${what}`, { cause });
    }
  }

  function failed(cause: unknown): void {
    observer.failed(storageFailureOf(cause) ?? "failed", cause);
    if (!isClosed) cancelTrial ??= clock.after(TRIAL_AFTER_MS, tryAgain);
  }

  function committed(commits: number, startedAtMs: number): void {
    cancelTrial?.();
    cancelTrial = undefined;
    observer.committed(commits, (performance.now() - startedAtMs) / 1_000);
  }

  function tryAgain(): void {
    cancelTrial = undefined;
    const startedAtMs = performance.now();
    try {
      tables.tryWriting(TRIAL_BYTES);
      committed(0, startedAtMs);
    } catch (cause) {
      failed(cause);
    }
  }

  /** Memory first, then the file; a topic that is in neither is empty and not kept (Q3). */
  function topicOf(topic: string): HeldTopic {
    const known = topics.get(topic);
    if (known !== undefined) return known;
    const stored = tried("read", () => tables.topic(topic, epoch, nowMs()));
    const ownEpoch = stored?.ownEpoch;
    const held = { log: createTopicLog(ownEpoch ?? epoch, stored), ownEpoch };
    if (stored !== undefined) topics.set(topic, held);
    return held;
  }

  function planTopic(change: TopicChange): PlannedTopic[] {
    return planChange(change).map((one) =>
      change.withoutRing === true ? { ...one, planned: withoutRing(one.planned) } : one,
    );
  }

  function planChange({ topic, ops, atMs, restart = false }: TopicChange): PlannedTopic[] {
    const times = { atMs, nowMs: nowMs() };
    if (restart) {
      const ownEpoch = newEpoch();
      const held = { log: createTopicLog(ownEpoch), ownEpoch };
      return [{ topic, held, planned: planRestart(held.log, ops, times), restart }];
    }
    const held = topicOf(topic);
    const planned = held.log.plan(ops, times);
    return planned === undefined ? [] : [{ topic, held, planned, restart }];
  }

  function plan(one: Waiting): Planned | "conflict" {
    const { source, expectedVersion, cursor, note, topics: changes } = one.commit;
    const version = sources.get(source)?.version ?? 0;
    if (version !== expectedVersion) return "conflict";
    const record: SourceRecord = { source, version: version + 1, cursor, note };
    const planned = changes.flatMap(planTopic);
    const rows = { record, note: jsonText(note), topics: planned.map(rowsOf) };
    return { waiting: one, record, topics: planned, rows };
  }

  /** Plans each; the ones that are settled by that are answered. */
  function planAll(group: readonly Waiting[]): readonly Planned[] {
    return group.flatMap((one) => {
      try {
        const planned = plan(one);
        if (planned !== "conflict") return [planned];
        one.answer.resolve({ type: "conflict" });
      } catch (cause) {
        one.answer.reject(cause);
      }
      return [];
    });
  }

  function commitGroup(group: readonly Waiting[]): void {
    const planned = planAll(group);
    if (planned.length === 0) return;
    const committedAtMs = nowMs();
    const startedAtMs = performance.now();
    try {
      tried("take the commit", () =>
        tables.transaction(() => {
          for (const { rows } of planned) tables.write(rows, committedAtMs);
        }),
      );
    } catch (cause) {
      for (const { waiting: one } of planned) one.answer.reject(cause);
      return;
    }
    committed(planned.length, startedAtMs);
    for (const one of planned) publish(one, committedAtMs);
  }

  function publish({ waiting: one, record, topics: changed }: Planned, committedAtMs: number): void {
    sources.set(record.source, record);
    for (const { topic, held, planned } of changed) {
      held.log.apply(planned, committedAtMs);
      topics.set(topic, held);
      listeners.emit({ topic, delta: planned.delta, digest: held.log.digest() });
    }
    one.answer.resolve({ type: "committed", record });
  }

  function takeTurn(): void {
    const { group, rest } = nextGroup(waiting);
    waiting = rest;
    // Before the work: what throws in there is a bug, and must not hold up the rest as well.
    nextTurn = rest.length > 0 ? setImmediate(takeTurn) : undefined;
    commitGroup(group);
    groupsUntilTidying -= 1;
    if (groupsUntilTidying <= 0) tidy();
  }

  function tidy(): void {
    groupsUntilTidying = GROUPS_PER_TIDYING;
    try {
      tables.giveBack(FREE_PAGES_KEPT);
      observer.measured(tables.sizeBytes());
    } catch (cause) {
      failed(cause);
    }
  }

  async function commit(asked: SourceCommit): Promise<CommitOutcome> {
    if (isClosed) throw new EngineUnavailableError("the store is closed");
    const answer = Promise.withResolvers<CommitOutcome>();
    waiting.push({ commit: asked, answer });
    nextTurn ??= setImmediate(takeTurn);
    return await answer.promise;
  }

  function once(key: string, ttlMs: number): boolean {
    const grant = (): boolean => {
      const isFirst = tables.grant(key, nowMs(), nowMs() + ttlMs);
      const excess = isFirst ? tables.countGranted() - GRANTED_KEYS_MAX : 0;
      if (excess > 0) tables.forgetNextGranted(excess);
      return isFirst;
    };
    return tried("grant a key", () => tables.transaction(grant));
  }

  function close(): void {
    if (isClosed) return;
    isClosed = true;
    cancelTrial?.();
    clearImmediate(nextTurn);
    while (waiting.length > 0) {
      const { group, rest } = nextGroup(waiting);
      waiting = rest;
      commitGroup(group);
    }
    listeners.clear();
    try {
      tables.close();
    } catch (cause) {
      // What is committed is in the write-ahead log, which the next life reads.
      observer.failed(storageFailureOf(cause) ?? "failed", cause);
    }
  }

  return {
    capabilities: { durable: true, multiProcess: false },
    commit,
    load: async (topic) => topicOf(topic).log.snapshot(),
    since: async (topic, position) => topicOf(topic).log.since(position, nowMs()),
    chain: async (topic, position) => topicOf(topic).log.chain(position, nowMs()),
    loadSource: async (source) => sources.get(source),
    listSources: async () => [...sources.values()],
    listen: listeners.listen,
    subscribe: listeners.subscribe,
    once: async (key, ttlMs) => once(key, ttlMs),
    close: async () => close(),
  };
}

/** As many as may share a transaction (Q2), and what must wait; both in the order in which they came. */
function nextGroup(waiting: readonly Waiting[]): { readonly group: Waiting[]; readonly rest: Waiting[] } {
  const touched = new Set<string>();
  const group: Waiting[] = [];
  const rest: Waiting[] = [];
  for (const one of waiting) {
    const names = [`s ${one.commit.source}`, ...one.commit.topics.map(({ topic }) => `t ${topic}`)];
    const isFree = group.length < GROUP_COMMITS_MAX && names.every((name) => !touched.has(name));
    // What waits holds its names as well, so that nobody overtakes it.
    for (const name of names) touched.add(name);
    (isFree ? group : rest).push(one);
  }
  return { group, rest };
}

function rowsOf({ topic, held, planned: { delta, reachesBackTo }, restart }: PlannedTopic): TopicRows {
  const ops = delta.ops.map((op) => opRow(op, delta));
  const { ownEpoch } = held;
  return { topic, delta, reachesBackTo, ops, ownEpoch, restart };
}
