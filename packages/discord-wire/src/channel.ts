import { ChannelFlag } from "./channel-types.ts";
import { type Decoded, decoded, malformed } from "./decoded.ts";
import { asId, asInteger, asObject, asString } from "./fields.ts";
import type { Snowflake } from "./snowflake.ts";

/** What Guildwire reads of a channel. Source: https://discord.com/developers/docs/resources/channel#channel-object */
export interface Channel {
  readonly id: Snowflake;
  readonly type: number;
  /** Absent inside GUILD_CREATE, where the guild is the enclosing object. */
  readonly guildId: Snowflake | undefined;
  readonly name: string;
  readonly position: number;
  readonly parentId: Snowflake | null;
  /** People allowed at once; 0 = no limit. */
  readonly userLimit: number;
  /** True for a channel the bot cannot view: `name` and `userLimit` are then placeholders. */
  readonly obfuscated: boolean;
}

export function decodeChannel(d: unknown): Decoded<Channel> {
  const channel = asObject(d);
  const id = asId(channel?.["id"]);
  if (channel === undefined || id === undefined) return malformed("channel without `id`");
  const type = asInteger(channel["type"]);
  if (type === undefined) return malformed("channel without `type`");
  return decoded({
    id,
    type,
    guildId: asId(channel["guild_id"]),
    name: asString(channel["name"]) ?? "",
    position: asInteger(channel["position"]) ?? 0,
    parentId: asId(channel["parent_id"]) ?? null,
    userLimit: asInteger(channel["user_limit"]) ?? 0,
    obfuscated: ((asInteger(channel["flags"]) ?? 0) & ChannelFlag.Obfuscated) !== 0,
  });
}

/** CHANNEL_INFO, the answer to op 43: status and start time of voice channels, which no channel object carries. */
export interface ChannelInfo {
  readonly guildId: Snowflake;
  readonly channels: readonly VoiceChannelInfo[];
}

export interface VoiceChannelInfo {
  readonly id: Snowflake;
  readonly status: string | null;
  /** When the present conversation began, Unix **seconds**; `null` while the channel is empty. */
  readonly voiceStartTime: number | null;
}

export function decodeChannelInfo(d: unknown): Decoded<ChannelInfo> {
  const info = asObject(d);
  const guildId = asId(info?.["guild_id"]);
  if (info === undefined || guildId === undefined) return malformed("CHANNEL_INFO without `guild_id`");
  const entries = Array.isArray(info["channels"]) ? info["channels"] : [];
  const channels = entries.flatMap((entry): VoiceChannelInfo[] => {
    const channel = asObject(entry);
    const id = asId(channel?.["id"]);
    if (channel === undefined || id === undefined) return [];
    return [
      {
        id,
        status: asString(channel["status"]) ?? null,
        voiceStartTime: asInteger(channel["voice_start_time"]) ?? null,
      },
    ];
  });
  return decoded({ guildId, channels });
}

/** VOICE_CHANNEL_STATUS_UPDATE: `status` is `null` when it was cleared. */
export function decodeVoiceChannelStatus(
  d: unknown,
): Decoded<{ readonly id: Snowflake; readonly guildId: Snowflake; readonly status: string | null }> {
  const update = asObject(d);
  const id = asId(update?.["id"]);
  const guildId = asId(update?.["guild_id"]);
  if (update === undefined || id === undefined || guildId === undefined) {
    return malformed("voice channel status without `id` or `guild_id`");
  }
  return decoded({ id, guildId, status: asString(update["status"]) ?? null });
}

/** VOICE_CHANNEL_START_TIME_UPDATE: `voiceStartTime` in Unix **seconds**, `null` when the channel emptied. */
export function decodeVoiceChannelStartTime(
  d: unknown,
): Decoded<{ readonly id: Snowflake; readonly guildId: Snowflake; readonly voiceStartTime: number | null }> {
  const update = asObject(d);
  const id = asId(update?.["id"]);
  const guildId = asId(update?.["guild_id"]);
  if (update === undefined || id === undefined || guildId === undefined) {
    return malformed("voice channel start time without `id` or `guild_id`");
  }
  return decoded({ id, guildId, voiceStartTime: asInteger(update["voice_start_time"]) ?? null });
}
