import { type Decoded, decoded, malformed } from "./decoded.ts";
import { asFlag, asId, asObject, asString } from "./fields.ts";
import type { Snowflake } from "./snowflake.ts";

/** A user as seen in one guild: the guild's nickname and avatar win over the account's. */
export interface MemberProfile {
  readonly userId: Snowflake;
  /** `nick`, else `global_name`, else `username`. */
  readonly displayName: string;
  /** Absolute CDN URL, `null` for someone without a picture of their own. */
  readonly avatarUrl: string | null;
  readonly bot: boolean;
}

const CDN = "https://cdn.discordapp.com";

/**
 * Reads a guild member object. `member.mute` and `member.deaf` are left alone on purpose: inside a voice state they
 * hold the *previous* values (discord-api-docs #4600).
 * Source: https://discord.com/developers/docs/resources/guild#guild-member-object
 */
export function decodeMember(d: unknown, guildId: Snowflake): Decoded<MemberProfile> {
  const member = asObject(d);
  const user = asObject(member?.["user"]);
  const userId = asId(user?.["id"]);
  if (member === undefined || user === undefined || userId === undefined) {
    return malformed("member without `user.id`");
  }
  return decoded({
    userId,
    displayName:
      asString(member["nick"]) ?? asString(user["global_name"]) ?? asString(user["username"]) ?? userId,
    avatarUrl: avatarUrl(guildId, userId, asString(member["avatar"]), asString(user["avatar"])),
    bot: asFlag(user["bot"]),
  });
}

/** Source: https://discord.com/developers/docs/reference#image-formatting-cdn-endpoints */
function avatarUrl(
  guildId: Snowflake,
  userId: Snowflake,
  memberHash: string | undefined,
  userHash: string | undefined,
): string | null {
  if (memberHash) return `${CDN}/guilds/${guildId}/users/${userId}/avatars/${memberHash}.png?size=128`;
  if (userHash) return `${CDN}/avatars/${userId}/${userHash}.png?size=128`;
  return null;
}

/** GUILD_MEMBER_REMOVE and GUILD_BAN_ADD share this shape: someone is no longer in the guild. */
export function decodeMemberRemoval(
  d: unknown,
): Decoded<{ readonly guildId: Snowflake; readonly userId: Snowflake }> {
  const removal = asObject(d);
  const guildId = asId(removal?.["guild_id"]);
  const userId = asId(asObject(removal?.["user"])?.["id"]);
  if (guildId === undefined || userId === undefined) {
    return malformed("member removal without `guild_id` or `user.id`");
  }
  return decoded({ guildId, userId });
}

/** GUILD_MEMBER_UPDATE: a nickname, an avatar or the user object changed. */
export function decodeMemberUpdate(
  d: unknown,
): Decoded<{ readonly guildId: Snowflake; readonly profile: MemberProfile }> {
  const guildId = asId(asObject(d)?.["guild_id"]);
  if (guildId === undefined) return malformed("member update without `guild_id`");
  const profile = decodeMember(d, guildId);
  return profile.ok ? decoded({ guildId, profile: profile.value }) : profile;
}
