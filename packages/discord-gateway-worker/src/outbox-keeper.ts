/**
 * What becomes of the outbox besides being sent: it is kept within its bounds, an operator looks at it, and what a
 * receiver did not take is made good by a snapshot.
 */
import type { ParkedEvent } from "@guildwire/events";
import type { OutboxOperator, Replayed } from "./control/control-request.ts";
import type { Freshness } from "./freshness.ts";
import { isSnapshot } from "./guild/snapshot-part.ts";
import type { GuildTracker } from "./guild-tracker.ts";
import type { WorkerJournal } from "./journal.ts";
import { exceededBound, type OutboxBounds } from "./outbox-bounds.ts";
import type { OutboxView, ParkedChoice } from "./store/outbox-view.ts";
import type { WorkerStore } from "./store/worker-store.ts";

export interface OutboxKeeperOptions {
  readonly bounds: OutboxBounds;
  readonly store: WorkerStore;
  readonly tracker: GuildTracker;
  readonly freshness: Freshness;
  readonly journal: WorkerJournal;
  /** What waited has given way to a snapshot. */
  readonly onCompacted: () => void;
}

export class OutboxKeeper implements OutboxOperator {
  readonly #options: OutboxKeeperOptions;
  /** What waited right after all that had waited gave way to a snapshot. */
  #afterCompaction = { waiting: 0, bytes: 0 };

  constructor(options: OutboxKeeperOptions) {
    this.#options = options;
  }

  keepBounded(): void {
    const { bounds, store, tracker, freshness, journal, onCompacted } = this.#options;
    const bound = exceededBound(store.outboxDepth(), bounds, Date.now(), this.#afterCompaction);
    const compacted = bound === null ? undefined : tracker.compact(freshness.said);
    if (bound === null || compacted === undefined) return;
    this.#afterCompaction = store.outboxDepth();
    journal.compacted(bound, compacted);
    onCompacted();
  }

  /** What the receiver holds may be wrong by the event that it did not take; a snapshot puts that right. */
  parked(parked: ParkedEvent, tries: number): void {
    this.#options.journal.parked(parked, tries);
    if (!isSnapshot(parked.type)) this.appendSnapshot(false);
  }

  /** `alone`: in place of all that waits. `false` when the guild has never been seen. */
  appendSnapshot(alone: boolean): boolean {
    const { tracker, freshness, journal } = this.#options;
    if (!alone) return tracker.tellSnapshot(freshness.said);
    const compacted = tracker.compact(freshness.said);
    if (compacted !== undefined) journal.compactedAsWished(compacted);
    return compacted !== undefined;
  }

  inspect(): OutboxView {
    return this.#options.store.inspectOutbox();
  }

  replay(parked: ParkedChoice): Replayed {
    const { store, tracker, freshness, journal } = this.#options;
    const count = tracker.replay(parked, freshness.said);
    if (count === undefined) return { parked: 0, snapshotSeq: null };
    const replayed = { parked: count, snapshotSeq: store.lastSeq };
    journal.replayed(replayed);
    return replayed;
  }
}
