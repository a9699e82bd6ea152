import { type Decoded, decoded, malformed } from "./decoded.ts";
import { asFlag, asId, asIds, asObject, asString, asTime } from "./fields.ts";
import type { Snowflake } from "./snowflake.ts";
import { avatarUrl, type Person, readPerson } from "./user.ts";

/** A user as seen in one guild: the guild's nickname and avatar win over the account's. */
export interface MemberProfile {
  readonly userId: Snowflake;
  /** `nick`, else `global_name`, else `username`. */
  readonly displayName: string;
  /** Absolute CDN URL, `null` for someone without a picture of their own. */
  readonly avatarUrl: string | null;
  readonly bot: boolean;
}

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
    avatarUrl: avatarUrl(userId, asString(user["avatar"]), guildId, asString(member["avatar"])),
    bot: asFlag(user["bot"]),
  });
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

/** GUILD_MEMBER_ADD (needs the privileged intent GUILD_MEMBERS). */
export interface NewMember {
  readonly guildId: Snowflake;
  readonly person: Person;
  readonly roles: readonly Snowflake[];
  /** ISO 8601. */
  readonly joinedAt: string | null;
}

export function decodeNewMember(d: unknown): Decoded<NewMember> {
  const member = asObject(d);
  const guildId = asId(member?.["guild_id"]);
  const person = readPerson(asObject(member?.["user"]), member, guildId);
  if (member === undefined || guildId === undefined || person === undefined) {
    return malformed("new member without `guild_id` or `user.id`");
  }
  return decoded({
    guildId,
    person,
    roles: asIds(member["roles"]),
    joinedAt: asTime(member["joined_at"]) ?? null,
  });
}
