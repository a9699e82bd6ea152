/** What an operator may ask of a worker about its outbox, and what is answered; the same for one that is stopped. */
import * as z from "zod";

/** Which parked events go back in line: none, all, or those that were parked since. */
const parkedSchema = z.union([z.literal("none"), z.literal("all"), z.object({ sinceIso: z.iso.datetime() })]);
export type ParkedChoice = z.infer<typeof parkedSchema>;

export const controlRequestSchema = z.discriminatedUnion("command", [
  z.object({ command: z.literal("inspectOutbox") }),
  /** Parked events back in line, and a fresh snapshot behind them. */
  z.object({ command: z.literal("replay"), parked: parkedSchema }),
]);
export type ControlRequest = z.infer<typeof controlRequestSchema>;

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

export const replayedSchema = z.object({
  /** Parked events that are in line again. */
  parked: z.int(),
  /** Place of the snapshot behind them; `null` when the server was never seen, and then nothing was done. */
  snapshotSeq: z.int().nullable(),
});
export type Replayed = z.infer<typeof replayedSchema>;

/** Either a running worker, reached through its health port, or the store of one that is stopped. */
export interface OutboxOperator {
  inspect(): Promise<OutboxView> | OutboxView;
  replay(parked: ParkedChoice): Promise<Replayed> | Replayed;
}
