/**
 * The body of one POST: a run of events in order. A receiver takes all of it or none.
 */
import * as z from "zod";
import { EVENT_DATA, type EventData, type EventType, type GuildwireEvent, isEventType } from "./event.ts";
import { EVENTS_LOST_TYPE } from "./parked-event.ts";
import { STREAM_ID } from "./stream.ts";

/** More than the bounds below in one body is refused by the hub with 413 or 400. */
export const DELIVERY_EVENTS_MAX = 256;
export const DELIVERY_BODY_BYTES_MAX = 1_048_576;

const envelopeSchema = z.object({
  seq: z.int().positive(),
  id: z.string().min(1),
  type: z.string().regex(/^[a-z0-9_]+(\.[a-z0-9_]+)+$/, "must look like `voice.joined`"),
  timestamp: z.iso.datetime({ offset: true }),
  data: z.looseObject({}),
});

export const deliverySchema = z
  .object({
    /** The stream the events are from: for rooms the guild's id. */
    source: z.string().regex(STREAM_ID, "must be the id of a stream: 1 to 128 of a-z, 0-9, `_`, `/` and `-`"),
    /** Grows when another process takes the stream over; absent while that never happened. */
    fence: z.int().nonnegative().optional(),
    /** One life of the worker's log: `seq` counts from 1 in each. */
    epoch: z.string().regex(/^[A-Za-z0-9_]{1,64}$/),
    /** None: a ping, which asks whether this body would be taken, and changes nothing. */
    events: z.array(envelopeSchema).max(DELIVERY_EVENTS_MAX),
  })
  .superRefine((delivery, context) => {
    delivery.events.forEach((event, index) => {
      const before = delivery.events[index - 1];
      const expected = before === undefined ? event.seq : before.seq + 1;
      // A record of lost events is in the place of the last of them.
      const jumps = event.type === EVENTS_LOST_TYPE && event.seq > expected;
      if (event.seq !== expected && !jumps) {
        context.addIssue({
          code: "custom",
          path: ["events", index, "seq"],
          message: `must be ${expected}: events of one delivery follow each other without holes`,
        });
      }
    });
  });

/** What a worker sends. */
export interface Delivery {
  readonly source: string;
  readonly epoch: string;
  readonly events: readonly GuildwireEvent[];
}

/** An event of a type this version does not know: a newer worker's. It counts in the sequence and means nothing. */
export interface UnknownEvent {
  readonly seq: number;
  readonly id: string;
  readonly type: string;
  readonly timestamp: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface ReceivedDelivery {
  readonly source: string;
  readonly fence?: number | undefined;
  readonly epoch: string;
  readonly events: readonly (
    | { readonly known: true; readonly event: GuildwireEvent }
    | { readonly known: false; readonly event: UnknownEvent }
  )[];
}

export type DeliveryOutcome =
  | { readonly ok: true; readonly delivery: ReceivedDelivery }
  /** `problems` are lines like `events.3.data.roomId: must be …`, fit for a 400 answer. */
  | { readonly ok: false; readonly problems: readonly string[] };

/** Reads a verified body. The whole body is refused when any known event has the wrong shape. */
export function readDelivery(json: unknown): DeliveryOutcome {
  const envelope = deliverySchema.safeParse(json);
  if (!envelope.success) return { ok: false, problems: problemLines(envelope.error, []) };

  const problems: string[] = [];
  const events: ReceivedDelivery["events"][number][] = [];
  envelope.data.events.forEach((event, index) => {
    if (!isEventType(event.type)) {
      events.push({ known: false, event });
      return;
    }
    const data = EVENT_DATA[event.type].safeParse(event.data);
    if (!data.success) {
      problems.push(...problemLines(data.error, ["events", index, "data"]));
      return;
    }
    events.push({ known: true, event: { ...event, data: data.data } as GuildwireEvent });
    problems.push(...strangeGuild(envelope.data.source, event.type, data.data, index));
  });
  if (problems.length > 0) return { ok: false, problems };
  const { source, epoch, fence } = envelope.data;
  return { ok: true, delivery: { source, epoch, ...(fence !== undefined && { fence }), events } };
}

/** A snapshot of another guild than the source would show one guild's people under another's name. */
function strangeGuild(source: string, type: EventType, data: EventData, index: number): readonly string[] {
  if (type !== "guild.snapshot" && type !== "snapshot.part") return [];
  const { guild } = data as EventData<"guild.snapshot" | "snapshot.part">;
  return guild.id === source
    ? []
    : [`events.${index}.data.guild.id: must be the delivery's source, ${source}`];
}

function problemLines(error: z.ZodError, prefix: readonly PropertyKey[]): string[] {
  return error.issues.map((issue) => `${[...prefix, ...issue.path].map(String).join(".")}: ${issue.message}`);
}
