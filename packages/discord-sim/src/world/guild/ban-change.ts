import type { Snowflake } from "@guildwire/discord-wire";
import { type Change, changed, refused, withEntry, withoutEntry } from "../change.ts";
import type { Dispatch } from "../dispatch.ts";
import { Permission, permissionsIn } from "../permission.ts";
import { wireUser } from "../wire-people.ts";
import type { Member, World } from "../world.ts";
import { removeMember } from "./member-change.ts";

/** Bans. Only a bot that may ban, or read the audit log, is told of them. */

/** GUILD_BAN_ADD, then GUILD_MEMBER_REMOVE of somebody who was in the server. `user` is known from elsewhere. */
export function ban(world: World, userId: Snowflake, reason: string | null, user?: Member): Change {
  const banned = world.members.get(userId) ?? user;
  if (banned === undefined) return refused("userId", "is not known");
  if (world.bans.has(userId)) return changed(world);
  const next = { ...world, bans: withEntry(world.bans, userId, { user: banned, reason }) };
  const added = told(world, { t: "GUILD_BAN_ADD", d: { guild_id: world.guild.id, user: wireUser(banned) } });
  if (!world.members.has(userId)) return changed(next, ...added);
  const removed = removeMember(next, userId);
  return removed.ok ? changed(removed.world, ...added, ...removed.dispatches) : removed;
}

export function unban(world: World, userId: Snowflake): Change {
  const entry = world.bans.get(userId);
  if (entry === undefined) return refused("userId", "is not banned");
  const next = { ...world, bans: withoutEntry(world.bans, userId) };
  const d = { guild_id: world.guild.id, user: wireUser(entry.user) };
  return changed(next, ...told(world, { t: "GUILD_BAN_REMOVE", d }));
}

function told(world: World, dispatch: Dispatch): readonly Dispatch[] {
  const held = permissionsIn(world, world.bot.id);
  return held & (Permission.BanMembers | Permission.ViewAuditLog) ? [dispatch] : [];
}
