/** What an operator may ask of a worker about its outbox, and what is answered; the same for one that is stopped. */
import * as z from "zod";
import { type InspectedOutbox, type ParkedChoice, parkedChoiceSchema } from "../store/outbox-view.ts";

export const controlRequestSchema = z.discriminatedUnion("command", [
  z.object({ command: z.literal("inspectOutbox") }),
  /** Parked events back in line, and a fresh snapshot behind them. */
  z.object({
    command: z.literal("replay"),
    parked: parkedChoiceSchema,
    /** Of this receiver only; without it of all. */
    receiver: z.string().optional(),
  }),
]);
export type ControlRequest = z.infer<typeof controlRequestSchema>;

export const replayedSchema = z.object({
  /** Parked events that are in line again. */
  parked: z.int(),
  /** Place of the snapshot behind them; `null` when the server was never seen, and then nothing was done. */
  snapshotSeq: z.int().nullable(),
});
export type Replayed = z.infer<typeof replayedSchema>;

/** Either a running worker, reached through its health port, or the store of one that is stopped. */
export interface OutboxOperator {
  inspect(): Promise<InspectedOutbox>;
  replay(parked: ParkedChoice, receiver?: string): Promise<Replayed>;
}
