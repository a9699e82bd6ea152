/** What sending needs of the log: reading, durable moves, and what the owner of the streams can do. */
import type { ParkedEvent } from "@guildwire/events";
import type { Cursor, Jump } from "../cursor.ts";
import type { OutboxBound } from "../outbox-bounds.ts";
import type { DeliveryStore } from "../store/delivery-store.ts";
import type { Stream } from "../stream.ts";

/** Places of a snapshot in the log. */
export interface SnapshotRange {
  readonly firstSeq: number;
  readonly lastSeq: number;
}

/** The data of the `source.status` that is repeated for a state stream; it may say more than this. */
export interface StreamStatus {
  readonly status: string;
  /** ISO 8601. */
  readonly since: string;
}

/** What a subscription needs of the log it reads. */
export interface LogAccess {
  readonly store: DeliveryStore;
  stream(id: string): Stream;
  /** A new epoch is being stored: nothing of the stream is read meanwhile. */
  isRestarting(stream: string): boolean;
  /** Stores the moved cursor, and deletes what no receiver needs any more. */
  move(cursor: Cursor, durable: boolean): Promise<void>;
  /**
   * Appends a snapshot of the stream for all receivers, with `withStatus` its status behind it. `null` when there is
   * nothing to describe.
   */
  resnapshot(stream: string, withStatus: boolean): Promise<SnapshotRange | null>;
  /** The log is an old copy: begins a new epoch for all receivers. */
  restart(stream: string, receiver: string): Promise<void>;
  status(stream: string): StreamStatus | null;
  isSnapshot(type: string): boolean;
  nowIso(): string;
}

export interface SubscriptionEvents {
  parked(stream: string, parked: ParkedEvent, tries: number): void;
  /** Events are not sent: at a bound, or as the receiver asked for a snapshot again (`null`). */
  jumped(stream: string, jump: Jump, bound: OutboxBound | null): void;
  fenced(stream: string, fence: number): void;
  /** The receiver acknowledged what was never sent. */
  stopped(stream: string, acked: number): void;
}
