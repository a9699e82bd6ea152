/**
 * What to do with a delivery, given how far its source's log has been taken: pure.
 *
 *   delivery's epoch │ events after the cursor        │ done
 *   ─────────────────┼────────────────────────────────┼─────────────────────────────────────────────
 *   the cursor's     │ none                           │ nothing; the cursor is acknowledged
 *   the cursor's     │ follow it                      │ applied
 *   the cursor's     │ a hole, a snapshot among them  │ applied from the last snapshot on
 *   the cursor's     │ a hole                         │ "send a snapshot"
 *   another, or none │ a snapshot among them          │ applied from the last snapshot on, a new epoch
 *   another, or none │ no snapshot                    │ "send a snapshot"
 *   replaced earlier │ a snapshot newer than all here │ as another epoch
 *   replaced earlier │ anything else                  │ "send a snapshot"
 *
 * Rules:
 *   D1  What is acknowledged is always the cursor, even when it is further than the delivery: so a worker whose log
 *       went back (a restored backup) sees the receiver ahead of it and starts a new epoch.
 *   D2  Everything before the last snapshot is superseded by it and need not have been seen.
 *   D3  An epoch that was replaced may come back (two workers, a rolled back deploy), but only with a snapshot made
 *       after the newest event here. A delivery that lingered in the network therefore never brings old state back.
 *       Both clocks are within the replay window of the receiver's, so a wrong clock delays this by minutes at most.
 *   D4  A snapshot in parts counts from its first part on, and is applied with its last. Where its parts do not follow
 *       each other, it is as if there were a hole.
 *   D5  Two workers on one guild take turns, each with a snapshot. What is shown stays true; the log says so.
 */
import type { GuildwireEvent, ReceivedDelivery } from "@guildwire/events";
import { assemble, beginsSnapshot, type ReceivedEvent, type SnapshotPart } from "./snapshot-assembly.ts";

/** A place in a worker's log: everything up to `seq` of this epoch is committed. */
export interface LogCursor {
  readonly epoch: string;
  readonly seq: number;
}

/** How far a source's log has been taken, and by which epochs before. */
export interface TakenSoFar {
  readonly cursor: LogCursor;
  readonly replacedEpochs: readonly string[];
  /** Timestamp of the newest event applied, Unix ms. */
  readonly newestAtMs: number;
  /** Of a snapshot whose last part has not come. */
  readonly parts: readonly SnapshotPart[];
  /** The highest fence a delivery had: an owner of the stream with a lower one has lost it. */
  readonly fence?: number | undefined;
}

export type DeliveryPlan =
  | { readonly type: "nothingNew"; readonly cursor: LogCursor }
  | {
      readonly type: "apply";
      readonly events: readonly ReceivedEvent[];
      /** What of them is to be projected. */
      readonly told: readonly GuildwireEvent[];
      /** What is kept until the last part of a snapshot comes. */
      readonly parts: readonly SnapshotPart[];
      readonly cursor: LogCursor;
      readonly startsEpoch: boolean;
    }
  | {
      readonly type: "wantSnapshot";
      readonly why: "unknown_epoch" | "replaced_epoch" | "hole" | "broken_snapshot";
      readonly message: string;
    };

export function planDelivery(taken: TakenSoFar | undefined, delivery: ReceivedDelivery): DeliveryPlan {
  const { epoch, events } = delivery;
  if (taken === undefined || taken.cursor.epoch !== epoch) return planEpoch(taken, delivery);

  const fresh = events.filter(({ event }) => event.seq > taken.cursor.seq);
  const [next] = fresh;
  if (next === undefined) return { type: "nothingNew", cursor: taken.cursor };
  if (next.event.seq === taken.cursor.seq + 1) {
    const joined = apply(epoch, fresh, taken.parts, false);
    if (joined !== undefined) return joined;
  }
  const fromSnapshot = sinceLastSnapshot(fresh);
  const begun = fromSnapshot.length > 0 ? apply(epoch, fromSnapshot, [], false) : undefined;
  if (begun !== undefined) return begun;
  if (next.event.seq === taken.cursor.seq + 1) return BROKEN_SNAPSHOT;
  return {
    type: "wantSnapshot",
    why: "hole",
    message: `events ${taken.cursor.seq + 1} to ${next.event.seq - 1} are missing here; send a guild.snapshot`,
  };
}

const BROKEN_SNAPSHOT: DeliveryPlan = {
  type: "wantSnapshot",
  why: "broken_snapshot",
  message:
    "the parts of the snapshot do not follow each other; send a guild.snapshot, or all of its parts in order",
};

function planEpoch(taken: TakenSoFar | undefined, { epoch, events }: ReceivedDelivery): DeliveryPlan {
  const fromSnapshot = sinceLastSnapshot(events);
  const [snapshot] = fromSnapshot;
  if (taken?.replacedEpochs.includes(epoch)) {
    const isNewer = snapshot !== undefined && Date.parse(snapshot.event.timestamp) > taken.newestAtMs;
    if (!isNewer) {
      return {
        type: "wantSnapshot",
        why: "replaced_epoch",
        message: `epoch ${epoch} was replaced by ${taken.cursor.epoch}; send a guild.snapshot made now, and check that one worker serves this guild`,
      };
    }
  }
  if (snapshot === undefined) {
    return {
      type: "wantSnapshot",
      why: "unknown_epoch",
      message: `epoch ${epoch} is not known here; send a guild.snapshot`,
    };
  }
  return apply(epoch, fromSnapshot, [], true) ?? BROKEN_SNAPSHOT;
}

/** `undefined`: a snapshot's parts do not follow each other. */
function apply(
  epoch: string,
  events: readonly ReceivedEvent[],
  kept: readonly SnapshotPart[],
  startsEpoch: boolean,
): DeliveryPlan | undefined {
  const assembled = assemble(kept, events);
  if (assembled === undefined) return undefined;
  const seq = events.at(-1)?.event.seq ?? 0;
  return { type: "apply", events, ...assembled, cursor: { epoch, seq }, startsEpoch };
}

/** From the beginning of the last snapshot on; empty when there is none. */
function sinceLastSnapshot(events: readonly ReceivedEvent[]): readonly ReceivedEvent[] {
  const index = events.findLastIndex(beginsSnapshot);
  return index === -1 ? [] : events.slice(index);
}

/** An epoch replaced longer ago than this many others counts as unknown. */
export const REPLACED_EPOCHS_MAX = 16;

/** The epochs replaced so far when `from` gives way to `to`; `to` is current again if it had been replaced. */
export function epochsReplaced(
  before: readonly string[],
  from: string | undefined,
  to: string,
): readonly string[] {
  const without = before.filter((epoch) => epoch !== to && epoch !== from);
  return from === undefined || from === to ? without : [...without, from].slice(-REPLACED_EPOCHS_MAX);
}
