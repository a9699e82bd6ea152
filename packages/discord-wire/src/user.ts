import { asFlag, asId, asString, type JsonObject } from "./fields.ts";
import type { Snowflake } from "./snowflake.ts";

const CDN = "https://cdn.discordapp.com";

/** A person as shown beside what they do. Source: https://discord.com/developers/docs/resources/user#user-object */
export interface Person {
  readonly id: Snowflake;
  /** Nickname in the guild if it is known, else display name, else username. */
  readonly name: string;
  /** The account's unique name. */
  readonly username: string;
  /** Absolute CDN URL, `null` for someone without a picture of their own. These URLs are not signed. */
  readonly avatarUrl: string | null;
  readonly bot: boolean;
}

/**
 * Reads a user object together with the member object that stands beside it, if one does.
 *
 * @returns `undefined` without an id.
 */
export function readPerson(
  user: JsonObject | undefined,
  member?: JsonObject,
  guildId?: Snowflake,
): Person | undefined {
  const id = asId(user?.["id"]);
  if (user === undefined || id === undefined) return undefined;
  const username = asString(user["username"]) ?? id;
  return {
    id,
    name: asString(member?.["nick"]) ?? asString(user["global_name"]) ?? username,
    username,
    avatarUrl: avatarUrl(id, asString(user["avatar"]), guildId, asString(member?.["avatar"])),
    bot: asFlag(user["bot"]),
  };
}

/** Source: https://discord.com/developers/docs/reference#image-formatting-cdn-endpoints */
export function avatarUrl(
  userId: Snowflake,
  userHash: string | undefined,
  guildId?: Snowflake,
  memberHash?: string,
): string | null {
  if (memberHash && guildId) {
    return `${CDN}/guilds/${guildId}/users/${userId}/avatars/${memberHash}.png?size=128`;
  }
  if (userHash) return `${CDN}/avatars/${userId}/${userHash}.png?size=128`;
  return null;
}
