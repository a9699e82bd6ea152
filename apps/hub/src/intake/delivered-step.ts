/** From a planned delivery to a step for the projections: pure. */
import type { GuildwireEvent } from "@guildwire/events";
import type { DeliveryPlan, ReceivedEvent, SnapshotPart } from "@guildwire/receiver";
import type { ProjectionStep } from "./projection.ts";

type Apply = Extract<DeliveryPlan, { readonly type: "apply" }>;

/** A piece of a snapshot does not update the status: what is shown is still the old picture. */
export function deliveredStep(
  events: readonly GuildwireEvent[],
  parts: readonly SnapshotPart[],
  restart: boolean,
  times: { readonly atMs: number; readonly nowMs: number },
): ProjectionStep {
  const isPiece = events.length === 0 && parts.length > 0;
  if (isPiece) return { type: restart ? "restart" : "started", ...times };
  return { type: "events", events, restart, ...times };
}

/** Of a delivery that brings nothing that was not taken before. */
export function nothingNew(
  parts: readonly SnapshotPart[],
): Pick<Apply, "events" | "parts" | "told" | "startsEpoch"> {
  return { events: [], parts, told: [], startsEpoch: false };
}

/** When the newest of the events happened, and `atMs` at the earliest; Unix ms. */
export function newestOf(events: readonly ReceivedEvent[], atMs: number): number {
  return events.reduce((newest, { event }) => Math.max(newest, Date.parse(event.timestamp)), atMs);
}
