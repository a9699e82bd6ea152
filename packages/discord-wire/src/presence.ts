import { type Decoded, decoded, malformed } from "./decoded.ts";
import { asId, asInteger, asNumber, asObject, asString, type JsonObject, readEach } from "./fields.ts";
import type { Snowflake } from "./snowflake.ts";

/** Source: https://discord.com/developers/docs/events/gateway-events#activity-object-activity-types */
export const ActivityType = {
  Playing: 0,
  Streaming: 1,
  Listening: 2,
  Watching: 3,
  Custom: 4,
  Competing: 5,
} as const;

/** One thing someone does. Texts are the person's or the game's own input: escape them. */
export interface Activity {
  readonly type: number;
  readonly name: string;
  readonly applicationId: Snowflake | null;
  /** Of music: the track. */
  readonly details: string | null;
  /** Of music: the artists. */
  readonly state: string | null;
  /** Of music: the player's id of the track. */
  readonly syncId: string | null;
  /** Text of the large picture; of music, the album. */
  readonly largeText: string | null;
  /** `desktop`, `xbox`, `ps5` and so on; `null` where nothing is said. */
  readonly platform: string | null;
  /** Unix milliseconds; may lie before the bot was there. */
  readonly startedAtMs: number | null;
  readonly endsAtMs: number | null;
}

/**
 * PRESENCE_UPDATE. Types inside it are not validated by Discord: whatever is ill-typed is left out.
 * Source: https://discord.com/developers/docs/events/gateway-events#presence-update
 */
export interface Presence {
  readonly userId: Snowflake;
  readonly guildId: Snowflake;
  /** `offline` stands for invisible too. */
  readonly status: "online" | "idle" | "dnd" | "offline";
  /** Without custom statuses, which are no activity. */
  readonly activities: readonly Activity[];
}

const STATUSES: readonly string[] = ["online", "idle", "dnd"];

/** `guildId` for the entries inside GUILD_CREATE and member chunks, which lack it. */
export function decodePresence(d: unknown, guildId?: Snowflake): Decoded<Presence> {
  const presence = asObject(d);
  const userId = asId(asObject(presence?.["user"])?.["id"]);
  const ownGuildId = asId(presence?.["guild_id"]) ?? guildId;
  if (presence === undefined || userId === undefined || ownGuildId === undefined) {
    return malformed("presence without `user.id` or `guild_id`");
  }
  const status = asString(presence["status"]) ?? "offline";
  return decoded({
    userId,
    guildId: ownGuildId,
    status: (STATUSES.includes(status) ? status : "offline") as Presence["status"],
    activities: readEach(presence["activities"], readActivity),
  });
}

function readActivity(entry: JsonObject): Activity | undefined {
  const type = asInteger(entry["type"]);
  const name = asString(entry["name"]);
  if (type === undefined || name === undefined || type === ActivityType.Custom) return undefined;
  const timestamps = asObject(entry["timestamps"]);
  return {
    type,
    name,
    applicationId: asId(entry["application_id"]) ?? null,
    details: asString(entry["details"]) ?? null,
    state: asString(entry["state"]) ?? null,
    syncId: asString(entry["sync_id"]) ?? null,
    largeText: asString(asObject(entry["assets"])?.["large_text"]) ?? null,
    platform: asString(entry["platform"]) ?? null,
    startedAtMs: asNumber(timestamps?.["start"]) ?? null,
    endsAtMs: asNumber(timestamps?.["end"]) ?? null,
  };
}
