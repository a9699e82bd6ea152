/**
 * What to do with a delivery of a fact stream: pure. Nothing may be skipped but by a record of what is lost.
 *
 *   delivery's epoch │ events after the cursor                  │ done
 *   ─────────────────┼──────────────────────────────────────────┼──────────────────────────────────────
 *   the cursor's     │ none                                     │ nothing; the cursor is acknowledged
 *   the cursor's     │ follow it, or begin with a record that   │ applied
 *                    │ reaches back to it                       │
 *   the cursor's     │ a hole                                   │ "send from the cursor"
 *   another, or none │ begin with 1 or with a record            │ applied, a new epoch
 *   another, or none │ anything else                            │ "send a snapshot"
 *   replaced earlier │ as above, and newer than all here        │ as another epoch
 */
import { EVENTS_LOST_TYPE, eventsLostSchema, type ReceivedDelivery } from "@guildwire/events";
import type { DeliveryPlan, TakenSoFar } from "./delivery-plan.ts";
import type { ReceivedEvent } from "./snapshot-assembly.ts";

export type FactPlan =
  | DeliveryPlan
  /** The cursor is known, and what follows it is missing. */
  | { readonly type: "wantFrom"; readonly epoch: string; readonly seq: number; readonly message: string };

export function planFacts(taken: TakenSoFar | undefined, { epoch, events }: ReceivedDelivery): FactPlan {
  if (taken === undefined || taken.cursor.epoch !== epoch) return planEpoch(taken, epoch, events);
  const { seq } = taken.cursor;
  const fresh = events.filter(({ event }) => event.seq > seq);
  const [next] = fresh;
  if (next === undefined) return { type: "nothingNew", cursor: taken.cursor };
  if (next.event.seq === seq + 1 || (lostFrom(next) ?? Number.POSITIVE_INFINITY) <= seq + 1)
    return apply(epoch, fresh, false);
  const message = `events ${seq + 1} to ${next.event.seq - 1} are missing here; send from ${seq}`;
  return { type: "wantFrom", epoch, seq, message };
}

function planEpoch(taken: TakenSoFar | undefined, epoch: string, events: readonly ReceivedEvent[]): FactPlan {
  const [first] = events;
  const begins = first !== undefined && (first.event.seq === 1 || lostFrom(first) !== undefined);
  const isReplaced = taken?.replacedEpochs.includes(epoch) ?? false;
  const isNewer = first !== undefined && Date.parse(first.event.timestamp) > (taken?.newestAtMs ?? 0);
  if (begins && (!isReplaced || isNewer)) return apply(epoch, events, true);
  return {
    type: "wantSnapshot",
    why: isReplaced ? "replaced_epoch" : "unknown_epoch",
    message: isReplaced
      ? `epoch ${epoch} was replaced by ${taken?.cursor.epoch}; check that one worker sends this stream`
      : `epoch ${epoch} is not known here; begin with events.lost, or with event 1`,
  };
}

function apply(epoch: string, events: readonly ReceivedEvent[], startsEpoch: boolean): FactPlan {
  const seq = events.at(-1)?.event.seq ?? 0;
  return { type: "apply", events, told: [], parts: [], cursor: { epoch, seq }, startsEpoch };
}

/** Where a record of lost events begins; `undefined` for any other event. */
function lostFrom({ event }: ReceivedEvent): number | undefined {
  if ((event.type as string) !== EVENTS_LOST_TYPE) return undefined;
  const lost = eventsLostSchema.safeParse(event.data);
  return lost.success ? lost.data.from : undefined;
}
