/** How a store that was put back from a backup shows itself: pure. */
import type { ReceivedDelivery } from "@guildwire/events";
import type { SourceCursor, SourceRecord } from "@guildwire/live";
import type { DeliveryPlan, ReceivedEvent } from "@guildwire/receiver";

type WantSnapshot = Extract<DeliveryPlan, { readonly type: "wantSnapshot" }>;

/**
 * Workers leave out only what was acknowledged. So whoever is told to go on from beyond the cursor, or in the middle of a
 * log it has never seen, was given the rest before, and has lost it.
 */
export function isOldCopy(
  { why }: WantSnapshot,
  record: SourceRecord | undefined,
  { events: [first] }: ReceivedDelivery,
): boolean {
  if (record === undefined || first === undefined) return false;
  return why === "hole" || (why === "unknown_epoch" && first.event.seq > 1);
}

/** A snapshot beyond the cursor that does not say of itself that it stands for what is between. */
export function leapsOverAcknowledged(
  record: SourceRecord | undefined,
  { epoch }: SourceCursor,
  [first]: readonly ReceivedEvent[],
): boolean {
  if (record === undefined || first === undefined || record.cursor.epoch !== epoch) return false;
  const next = record.cursor.seq + 1;
  const { seq, data } = first.event as {
    readonly seq: number;
    readonly data?: { readonly compacted?: { readonly from: number } };
  };
  return seq > next && (data?.compacted === undefined || data.compacted.from > next);
}
