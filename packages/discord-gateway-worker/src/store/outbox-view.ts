/** The outbox as an operator sees it. */
import * as z from "zod";

/** Which parked events go back in line: none, all, or those that were parked since. */
export const parkedChoiceSchema = z.union([
  z.literal("none"),
  z.literal("all"),
  z.object({ sinceIso: z.iso.datetime() }),
]);
export type ParkedChoice = z.infer<typeof parkedChoiceSchema>;

export const outboxViewSchema = z.object({
  epoch: z.string(),
  lastSeq: z.int(),
  waiting: z.int(),
  bytes: z.int(),
  oldestTimestamp: z.string().nullable(),
  /** Of the oldest `countedMax` events that wait: counting all of a long log would hold the worker up. */
  types: z.array(z.object({ type: z.string(), events: z.int() })),
  countedMax: z.int(),
  parkedTotal: z.int(),
  /** The newest of them first. */
  parked: z.array(
    z.object({
      epoch: z.string(),
      seq: z.int(),
      type: z.string(),
      timestamp: z.string(),
      parkedAt: z.string(),
      reason: z.string(),
      tries: z.int(),
    }),
  ),
});
export type OutboxView = z.infer<typeof outboxViewSchema>;
