/**
 * The tombstone of an event that its receiver would not take. It has the place and the id of the original, so that the
 * sequence stays without a hole; the original is kept by the worker.
 *
 * It is no happening: nothing happened in Discord. So it is not among `EVENT_DATA`, and `readDelivery` gives it as an
 * event of a type it does not know, which counts in the sequence and changes nothing. A snapshot follows where the
 * original may have changed what a receiver holds.
 */
import * as z from "zod";

export const PARKED_EVENT_TYPE = "event.parked";

export const parkedEventSchema = z.object({
  /** Place and id of the original, which are also those of the tombstone. */
  seq: z.int().positive(),
  id: z.string().min(1),
  /** What the original was, like `voice.joined`. */
  type: z.string().min(1),
  /** What the receiver answered, for people: `400: events.0.data: …`. */
  reason: z.string(),
});
export type ParkedEvent = z.infer<typeof parkedEventSchema>;

/**
 * In a fact stream, what this receiver does not get: `data` is `{from, to, count, reason}`. It has the place of the last
 * one, `to`; only here the sequence jumps.
 */
export const EVENTS_LOST_TYPE = "events.lost";

export const eventsLostSchema = z.object({
  from: z.int().positive(),
  to: z.int().positive(),
  /** `null`: not known. */
  count: z.int().nonnegative().nullable(),
  /**
   * `joined`: from before the receiver was added. `bound`: more waited than the sender may keep. `reset`: the receiver
   * lost its place, and what it asks for is not kept any more. `epoch`: the sender's log was an old copy.
   */
  reason: z.enum(["joined", "bound", "reset", "epoch"]),
});
export type EventsLost = z.infer<typeof eventsLostSchema>;

/** An event for another receiver of the same stream: it counts in the sequence and changes nothing. */
export const EVENT_SKIPPED_TYPE = "event.skipped";
