/**
 * How far a receiver has taken one source's log, as text: what it commits together with the data. The text is this
 * package's business; a store keeps it as it is.
 */

import { EVENT_DATA } from "@guildwire/events";
import * as z from "zod";
import { type DeliveryPlan, epochsReplaced, type TakenSoFar } from "./delivery-plan.ts";

const progressSchema = z.object({
  cursor: z.object({ epoch: z.string(), seq: z.int().nonnegative() }),
  replacedEpochs: z.array(z.string()),
  newestAtMs: z.number(),
  // A large server's snapshot comes in parts, and they are kept with the cursor until the last one is there.
  parts: z.array(EVENT_DATA["snapshot.part"]),
  fence: z.int().nonnegative().optional(),
});

/** Throws when the text is none of `progressText`'s: that is no input, it is a broken store. */
export function readProgress(text: string): TakenSoFar {
  return progressSchema.parse(JSON.parse(text));
}

/** The progress once this plan is applied. */
export function progressText(
  before: TakenSoFar | undefined,
  { events, parts, cursor }: Extract<DeliveryPlan, { readonly type: "apply" }>,
  fence = 0,
): string {
  const highest = Math.max(fence, before?.fence ?? 0);
  const after: TakenSoFar = {
    cursor,
    replacedEpochs: epochsReplaced(before?.replacedEpochs ?? [], before?.cursor.epoch, cursor.epoch),
    newestAtMs: events.reduce(
      (newest, { event }) => Math.max(newest, Date.parse(event.timestamp)),
      before?.newestAtMs ?? 0,
    ),
    parts,
    ...(highest > 0 && { fence: highest }),
  };
  return JSON.stringify(after);
}
