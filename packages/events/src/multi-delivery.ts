/**
 * The multi form of a body: deliveries of many streams, and how fresh the sender's shards are. A receiver asks for it by
 * answering with `guildwire-multi: 1`. Each delivery is accepted or refused by itself.
 */
import * as z from "zod";
import { type DeliveryOutcome, readDelivery } from "./delivery.ts";
import { sourceStatusSchema } from "./event.ts";

export const MULTI_DELIVERIES_MAX = 64;
export const MULTI_EVENTS_MAX = 1_024;

const shardSchema = z.object({
  /** Id of the application. */
  app: z.string().regex(/^\d{1,20}$/, "must be a Discord id"),
  id: z.int().nonnegative(),
  /** A guild's shard is `(id >> 22) % of`. */
  of: z.int().positive(),
  status: sourceStatusSchema,
  since: z.iso.datetime({ offset: true }),
  /** When anything last came from Discord. */
  receivedAt: z.iso.datetime({ offset: true }).optional(),
});
/** How fresh all streams of one shard are. */
export type ShardStatus = z.infer<typeof shardSchema>;

const multiSchema = z.object({
  deliveries: z.array(z.looseObject({ source: z.string() })).max(MULTI_DELIVERIES_MAX),
  shards: z.array(shardSchema).default([]),
});

export interface MultiDelivery {
  /** In order; none in a heartbeat. */
  readonly deliveries: readonly { readonly source: string; readonly read: DeliveryOutcome }[];
  readonly shards: readonly ShardStatus[];
}

export type BodyOutcome =
  | { readonly form: "single"; readonly read: DeliveryOutcome }
  | { readonly form: "multi"; readonly multi: MultiDelivery }
  | { readonly form: "neither"; readonly problems: readonly string[] };

/** Reads the JSON of a verified body in either form. */
export function readBody(json: unknown): BodyOutcome {
  const isMulti = typeof json === "object" && json !== null && "deliveries" in json;
  if (!isMulti) return { form: "single", read: readDelivery(json) };
  const outcome = multiSchema.safeParse(json);
  if (!outcome.success) {
    const problems = outcome.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
    return { form: "neither", problems };
  }
  const deliveries = outcome.data.deliveries.map((delivery) => ({
    source: delivery.source,
    read: readDelivery(delivery),
  }));
  const sources = new Set(deliveries.map(({ source }) => source));
  if (sources.size < deliveries.length)
    return { form: "neither", problems: ["deliveries: a source may occur once in a body"] };
  const events = deliveries.reduce((sum, { read }) => sum + (read.ok ? read.delivery.events.length : 0), 0);
  if (events > MULTI_EVENTS_MAX)
    return {
      form: "neither",
      problems: [`deliveries: must have at most ${MULTI_EVENTS_MAX} events together`],
    };
  return { form: "multi", multi: { deliveries, shards: outcome.data.shards } };
}
