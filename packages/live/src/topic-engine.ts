/**
 * Where topics and source cursors are kept. One interface for memory, SQLite and Valkey; the suite in
 * `testing/topic-engine-conformance.ts` says what each must do.
 *
 * Rules:
 *   E1  One commit moves a source's record and its topics together, or nothing.
 *   E2  A commit names the version of the record it was computed from; another version stored refuses it. So two
 *       writers of one source can never interleave, and a refused writer loads afresh.
 *   E3  When a commit's promise resolves, what it changed is as durable as the engine is.
 *   E4  Listeners hear every delta of a topic in order, after its commit and before the commit's promise resolves.
 *       A reader that listens first and reads then misses nothing.
 *   E5  A topic nobody has written to exists: it is empty, at offset 0 of the epoch its first write will have.
 *   E6  A commit that cannot be stored rejects with `EngineUnavailableError` and changes nothing, for nobody. Reading
 *       goes on, and so does committing as soon as it can.
 *   E7  `close` stores or rejects what was handed over. When it resolves, the store may be opened again; an embedded engine
 *       lets go of its file before it returns the promise.
 *   E8  A durable engine that is opened again has the epoch, offsets, entries with revisions, digests, deltas and
 *       sources it had, and never the half of a commit.
 *   E9  A change that says `restart` begins its topic's log anew: under an epoch nobody has seen, with what its ops set
 *       and nothing else. Nothing of what the topic held or told before can be had from it any more. Listeners hear of
 *       it by a delta of that epoch from offset 0, which may have no ops.
 *   E10 `chain` tells each delta by itself where `since` squashes them, as far as the ring reaches: for readers to whom
 *       every step counts, such as a history.
 *   E11 A change that says `withoutRing` leaves nothing of the topic's steps, and takes the room of none: `since` and `chain`
 *       lead to the top from the top alone. Listeners hear of it as of any other.
 *   E12 A subscriber receives every delta of its topic in order. For what this engine commits, before the commit's promise
 *       resolves (E4); for what other processes commit, after their commit and within the engine's poll.
 */
import type { Delta } from "./delta.ts";
import type { Op } from "./op.ts";
import type { Position } from "./position.ts";
import type { RingDelta, Since, TopicSnapshot } from "./topic-log.ts";

/** Where a worker's log has been taken to. */
export interface SourceCursor {
  readonly epoch: string;
  readonly seq: number;
}

export interface SourceRecord {
  readonly source: string;
  /** Grows by 1 with each commit of this source; 0 = nothing is stored. */
  readonly version: number;
  readonly cursor: SourceCursor;
  /** JSON that the writer needs beside the topics, such as which epochs have been replaced. */
  readonly note: unknown;
}

export interface SourceCommit {
  readonly source: string;
  readonly expectedVersion: number;
  readonly cursor: SourceCursor;
  readonly note: unknown;
  /** No topic twice. */
  readonly topics: readonly TopicChange[];
}

export interface TopicChange {
  readonly topic: string;
  readonly ops: readonly Op[];
  /** When what the ops tell of happened, Unix ms. */
  readonly atMs: number;
  /** Forget the topic and its history first (E9). */
  readonly restart?: boolean;
  /** Keep no steps: nobody follows this topic (E11). */
  readonly withoutRing?: boolean;
}

export type CommitOutcome =
  | { readonly type: "committed"; readonly record: SourceRecord }
  /** Another writer was first: load and compute again. */
  | { readonly type: "conflict" };

export interface CommittedDelta {
  readonly topic: string;
  readonly delta: Delta;
  /** The topic's digest at `delta.to`. */
  readonly digest: number;
}

/** The store cannot take a commit now: a full disk, a broken one, or the engine was closed. Nothing was changed. */
export class EngineUnavailableError extends Error {
  override readonly name = "EngineUnavailableError";
}

/** Must not throw. */
export type TopicListener = (committed: CommittedDelta) => void;

export interface EngineCapabilities {
  /** What a resolved commit stored survives the process (E8). */
  readonly durable: boolean;
  /** Several processes may have one store open at once. */
  readonly multiProcess: boolean;
}

/**
 * Opened by an asynchronous function, closed by `close`. A wrapper replaces methods with `delegatingEngine` and never
 * spreads: an engine may be a class.
 */
export interface TopicEngine {
  readonly capabilities: EngineCapabilities;
  /** Rejects with `EngineUnavailableError` when nothing could be stored. */
  commit(commit: SourceCommit): Promise<CommitOutcome>;
  load(topic: string): Promise<TopicSnapshot>;
  since(topic: string, position: Position): Promise<Since>;
  /** What leads from the position to the top, oldest first; `undefined` where the log cannot tell every step (E10). */
  chain(topic: string, position: Position): Promise<readonly RingDelta[] | undefined>;
  loadSource(source: string): Promise<SourceRecord | undefined>;
  /** In the order in which they were first committed. */
  listSources(): Promise<readonly SourceRecord[]>;
  /** Everything that is committed through this engine. Returns what ends the listening. A listener must not throw. */
  listen(listener: TopicListener): () => void;
  /** One topic, whichever process commits to it (E12). Returns what ends the subscription. */
  subscribe(topic: string, listener: TopicListener): () => void;
  /** True for the first caller with this key, false for all others until `ttlMs` have passed. */
  once(key: string, ttlMs: number): Promise<boolean>;
  close(): Promise<void>;
}
