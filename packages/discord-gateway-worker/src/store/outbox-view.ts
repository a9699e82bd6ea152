/** The outbox as an operator sees it. */
import type { OutboxView } from "@guildwire/delivery";
import * as z from "zod";

/** Which parked events go back in line: none, all, or those that were parked since. */
export const parkedChoiceSchema = z.union([
  z.literal("none"),
  z.literal("all"),
  z.object({ sinceIso: z.iso.datetime() }),
]);
export type ParkedChoice = z.infer<typeof parkedChoiceSchema>;

const entrySchema = z.object({
  stream: z.string(),
  epoch: z.string(),
  seq: z.int(),
  type: z.string(),
  timestamp: z.string(),
  parkedAt: z.string(),
  reason: z.string(),
  tries: z.int(),
});

const receiverViewSchema = z.object({
  receiver: z.string(),
  form: z.enum(["single", "multi"]),
  stopped: z.boolean(),
  failuresInARow: z.int(),
  waiting: z.int(),
  bytes: z.int(),
  oldestTimestamp: z.string().nullable(),
  streams: z.array(
    z.object({
      id: z.string(),
      epoch: z.string(),
      lastSeq: z.int(),
      acknowledged: z.int(),
      waiting: z.int(),
    }),
  ),
  /** Of the oldest `countedMax` events that wait. */
  types: z.array(z.object({ type: z.string(), events: z.int() })),
  countedMax: z.int(),
  parkedTotal: z.int(),
  /** The newest of them first. */
  parked: z.array(entrySchema),
});

export const inspectedOutboxSchema = z.object({
  /** Of the guild's stream. */
  epoch: z.string(),
  lastSeq: z.int(),
  receivers: z.array(receiverViewSchema),
});
export type InspectedOutbox = {
  readonly epoch: string;
  readonly lastSeq: number;
  readonly receivers: readonly OutboxView[];
};
