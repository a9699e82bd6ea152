import { type Decoded, decoded, malformed } from "./decoded.ts";
import { asId, asInteger, asObject, asString, asTime } from "./fields.ts";
import type { Snowflake } from "./snowflake.ts";

/** Source: https://discord.com/developers/docs/resources/guild-scheduled-event */
export interface ScheduledEvent {
  readonly id: Snowflake;
  readonly guildId: Snowflake;
  readonly name: string;
  readonly description: string | null;
  /** Stage and voice events happen in a channel, external ones at `location`. */
  readonly channelId: Snowflake | null;
  readonly location: string | null;
  readonly creatorId: Snowflake | null;
  /** ISO 8601. */
  readonly startsAt: string;
  readonly endsAt: string | null;
  readonly status: "scheduled" | "active" | "completed" | "cancelled";
  readonly place: "stage" | "voice" | "external";
  /** People who are interested; `null` where Discord did not count. */
  readonly interested: number | null;
}

const STATUS: Readonly<Record<number, ScheduledEvent["status"]>> = {
  1: "scheduled",
  2: "active",
  3: "completed",
  4: "cancelled",
};
const PLACE: Readonly<Record<number, ScheduledEvent["place"]>> = { 1: "stage", 2: "voice", 3: "external" };

/** GUILD_SCHEDULED_EVENT_CREATE, _UPDATE and _DELETE. */
export function decodeScheduledEvent(d: unknown): Decoded<ScheduledEvent> {
  const event = asObject(d);
  const id = asId(event?.["id"]);
  const guildId = asId(event?.["guild_id"]);
  if (event === undefined || id === undefined || guildId === undefined) {
    return malformed("scheduled event without `id` or `guild_id`");
  }
  const startsAt = asTime(event["scheduled_start_time"]);
  const status = STATUS[asInteger(event["status"]) ?? 0];
  const place = PLACE[asInteger(event["entity_type"]) ?? 0];
  if (startsAt === undefined) return malformed("scheduled event without `scheduled_start_time`");
  if (status === undefined || place === undefined) {
    return malformed("scheduled event without a known `status` and `entity_type`");
  }
  return decoded({
    id,
    guildId,
    name: asString(event["name"]) ?? "",
    description: asString(event["description"]) ?? null,
    channelId: asId(event["channel_id"]) ?? null,
    location: asString(asObject(event["entity_metadata"])?.["location"]) ?? null,
    creatorId: asId(event["creator_id"]) ?? null,
    startsAt,
    endsAt: asTime(event["scheduled_end_time"]) ?? null,
    status,
    place,
    interested: asInteger(event["user_count"]) ?? null,
  });
}

/** GUILD_SCHEDULED_EVENT_USER_ADD and _REMOVE: someone is interested, or no longer. */
export interface ScheduledEventUser {
  readonly eventId: Snowflake;
  readonly guildId: Snowflake;
  readonly userId: Snowflake;
}

export function decodeScheduledEventUser(d: unknown): Decoded<ScheduledEventUser> {
  const change = asObject(d);
  const eventId = asId(change?.["guild_scheduled_event_id"]);
  const guildId = asId(change?.["guild_id"]);
  const userId = asId(change?.["user_id"]);
  if (eventId === undefined || guildId === undefined || userId === undefined) {
    return malformed("interest without `guild_scheduled_event_id`, `guild_id` or `user_id`");
  }
  return decoded({ eventId, guildId, userId });
}
