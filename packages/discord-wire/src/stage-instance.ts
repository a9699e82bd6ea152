import { type Decoded, decoded, malformed } from "./decoded.ts";
import { asId, asObject, asString } from "./fields.ts";
import type { Snowflake } from "./snowflake.ts";

/** A stage that is live. Source: https://discord.com/developers/docs/resources/stage-instance#stage-instance-object */
export interface StageInstance {
  readonly guildId: Snowflake;
  readonly channelId: Snowflake;
  readonly topic: string;
}

/** `enclosingGuildId` is for entries inside GUILD_CREATE, should they lack `guild_id`. */
export function decodeStageInstance(d: unknown, enclosingGuildId?: Snowflake): Decoded<StageInstance> {
  const stage = asObject(d);
  const guildId = asId(stage?.["guild_id"]) ?? enclosingGuildId;
  const channelId = asId(stage?.["channel_id"]);
  if (stage === undefined || guildId === undefined || channelId === undefined) {
    return malformed("stage instance without `guild_id` or `channel_id`");
  }
  return decoded({ guildId, channelId, topic: asString(stage["topic"]) ?? "" });
}
