import { type Decoded, decoded, malformed } from "./decoded.ts";
import { asBits, asFlag, asId, asInteger, asObject, asString, type JsonObject } from "./fields.ts";
import type { Snowflake } from "./snowflake.ts";

/** Source: https://discord.com/developers/docs/topics/permissions#role-object */
export interface Role {
  /** @everyone's is the guild's id. */
  readonly id: Snowflake;
  readonly name: string;
  /** Permission bits as a decimal string. */
  readonly permissions: string;
  readonly position: number;
  /** 0xRRGGBB; 0 = no colour. */
  readonly color: number;
  readonly mentionable: boolean;
}

export function readRole(entry: JsonObject): Role | undefined {
  const id = asId(entry["id"]);
  const permissions = asBits(entry["permissions"]);
  if (id === undefined || permissions === undefined) return undefined;
  return {
    id,
    permissions,
    name: asString(entry["name"]) ?? "",
    position: asInteger(entry["position"]) ?? 0,
    color: asInteger(entry["color"]) ?? 0,
    mentionable: asFlag(entry["mentionable"]),
  };
}

/** GUILD_ROLE_CREATE and _UPDATE. */
export function decodeRoleChange(d: unknown): Decoded<{ readonly guildId: Snowflake; readonly role: Role }> {
  const change = asObject(d);
  const guildId = asId(change?.["guild_id"]);
  const entry = asObject(change?.["role"]);
  const role = entry === undefined ? undefined : readRole(entry);
  if (guildId === undefined || role === undefined) {
    return malformed("role change without `guild_id`, `role.id` or `role.permissions`");
  }
  return decoded({ guildId, role });
}

/** GUILD_ROLE_DELETE. */
export function decodeRoleRemoval(
  d: unknown,
): Decoded<{ readonly guildId: Snowflake; readonly roleId: Snowflake }> {
  const removal = asObject(d);
  const guildId = asId(removal?.["guild_id"]);
  const roleId = asId(removal?.["role_id"]);
  if (guildId === undefined || roleId === undefined) {
    return malformed("role removal without `guild_id` or `role_id`");
  }
  return decoded({ guildId, roleId });
}
