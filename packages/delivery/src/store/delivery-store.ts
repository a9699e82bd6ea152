/**
 * The port behind delivery: an append-only log of streams and the receivers' cursors over it. Rules:
 *   STORE-1  A commit is applied whole and in order, or not at all; what a resolved commit wrote is read by all later
 *            calls. With `durable` it survives a power cut as well.
 *   STORE-2  A sequence number is given out once in the life of an epoch.
 *   STORE-3  A failed commit rejects; nothing may be committed after it by this process.
 *   STORE-4  Nothing is deleted but by `prune`, `forget` and `restart`.
 * Every method is asynchronous, so that the same callers run on SQLite and on PostgreSQL.
 */
import type { Cursor } from "../cursor.ts";
import type { Stream, StreamDefinition } from "../stream.ts";

/** An event of the log. `data` is JSON text: an event is serialised once in its life. */
export interface LogEntry {
  readonly seq: number;
  readonly type: string;
  /** ISO 8601. */
  readonly timestamp: string;
  readonly data: string;
  /** How often its data was replaced by blanked data. */
  readonly blanked: number;
  /** The only receiver it is for; `null` for all. */
  readonly receiver: string | null;
}

export interface NewEntry {
  readonly type: string;
  readonly timestamp: string;
  readonly data: string;
  /** What the event is about, as blanking finds it: a message's or an interaction's id. */
  readonly subject?: string | undefined;
  /** Unix ms from which the data must not be kept as it is. */
  readonly blankAtMs?: number | undefined;
  readonly receiver?: string | undefined;
}

/** An event that a receiver refused, kept as it was; that receiver got a tombstone in its place. */
export interface ParkedEntry {
  readonly receiver: string;
  readonly stream: string;
  readonly epoch: string;
  readonly seq: number;
  readonly type: string;
  readonly timestamp: string;
  readonly data: string;
  /** ISO 8601. */
  readonly parkedAt: string;
  readonly reason: string;
  readonly tries: number;
}

/** Data without what must not be kept; called inside the commit. */
export type Blank = (entry: { readonly type: string; readonly data: string }) => string;

export type LogChange =
  /** Makes the stream unless it exists; its cursors are stored only with a new one. */
  | {
      readonly op: "open";
      readonly stream: StreamDefinition;
      readonly epoch: string;
      readonly cursors: readonly Cursor[];
    }
  /** `reserve`: numbers without an entry, given out before those of the entries. */
  | {
      readonly op: "append";
      readonly stream: string;
      readonly entries: readonly NewEntry[];
      readonly reserve?: number;
    }
  | { readonly op: "move"; readonly cursor: Cursor }
  /** Deletes the entries up to `throughSeq`. */
  | { readonly op: "prune"; readonly stream: string; readonly throughSeq: number }
  /** Keeps a copy aside; the entry itself stays for the other receivers. */
  | { readonly op: "park"; readonly parked: Omit<ParkedEntry, "type" | "timestamp" | "data" | "epoch"> }
  /** Forgets parked entries of a receiver that were parked at `sinceIso` or later. */
  | { readonly op: "unpark"; readonly receiver: string; readonly sinceIso: string }
  /**
   * A new epoch. Entries up to `keepAfter` are deleted; those behind it are numbered from `firstSeq` on, and so are the
   * tombstones. `null` keeps none. Its result is that of an append of nothing.
   */
  | {
      readonly op: "restart";
      readonly stream: string;
      readonly epoch: string;
      readonly keepAfter: number | null;
      readonly firstSeq: number;
    }
  | { readonly op: "fence"; readonly stream: string; readonly fence: number }
  /** Blanks what is kept about a subject, parked copies included. */
  | { readonly op: "blank"; readonly stream: string; readonly subject: string; readonly blank: Blank }
  /** Blanks what is due. */
  | { readonly op: "blankDue"; readonly nowMs: number; readonly blank: Blank }
  /** Removes a receiver: its cursors and its parked entries. */
  | { readonly op: "forget"; readonly receiver: string };

/** What a change led to, in the order of the changes. */
export type LogResult =
  | { readonly op: "append"; readonly stream: string; readonly top: number; readonly appended: number }
  | { readonly op: "opened"; readonly stream: Stream; readonly isNew: boolean }
  /** Places of the entries that were blanked. */
  | { readonly op: "blanked"; readonly places: readonly { readonly stream: string; readonly seq: number }[] }
  | { readonly op: "done" };

/** What a receiver has not acknowledged of a stream. */
export interface Waiting {
  readonly entries: number;
  /** Of their `data`; on disk they need about a fifth more. */
  readonly bytes: number;
  readonly oldestTimestamp: string | null;
}

export interface StoredDelivery {
  readonly streams: readonly Stream[];
  readonly cursors: readonly Cursor[];
  /** Tombstones of the current epochs, by receiver and stream. */
  readonly tombstones: readonly Pick<ParkedEntry, "receiver" | "stream" | "seq" | "type" | "reason">[];
}

export interface DeliveryStore {
  /** Everything but the entries; called once, before anything else. */
  load(): Promise<StoredDelivery>;
  /** Resolves to one result per change. */
  commit(
    changes: readonly LogChange[],
    options: { readonly durable: boolean },
  ): Promise<readonly LogResult[]>;
  /** Entries after `afterSeq` in order, at most `entriesMax`. */
  read(stream: string, afterSeq: number, entriesMax: number): Promise<readonly LogEntry[]>;
  /** What is behind `afterSeq`. Entries for another receiver do not count. */
  waiting(stream: string, afterSeq: number, receiver: string): Promise<Waiting>;
  /** Types of the oldest `entriesMax` entries behind `afterSeq`, the most frequent first. */
  types(
    stream: string,
    afterSeq: number,
    entriesMax: number,
  ): Promise<readonly { readonly type: string; readonly events: number }[]>;
  /** Parked entries of a receiver that were parked at `sinceIso` or later, oldest first, at most `entriesMax` newest. */
  parked(receiver: string, sinceIso: string, entriesMax: number): Promise<readonly ParkedEntry[]>;
  parkedCount(receiver: string): Promise<number>;
}

/** Parked entries kept per receiver; beyond it the oldest are deleted. */
export const PARKED_MAX = 1_000;
