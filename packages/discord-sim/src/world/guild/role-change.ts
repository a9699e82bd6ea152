import type { Snowflake } from "@guildwire/discord-wire";
import { type Change, changed, refused, withEntry, withoutEntry } from "../change.ts";
import type { RoleCommand } from "../command.ts";
import { permissionBits } from "../permission.ts";
import { wireChannel } from "../wire.ts";
import { wireMember, wireRole } from "../wire-people.ts";
import { type Details, idFromSeed, type Member, type Overwrite, type Role, type World } from "../world.ts";

/** Roles, who has them, and what they may do in single channels. */

type Command<Type> = Extract<RoleCommand, { type: Type }>;

export function createRole(world: World, command: Command<"createRole">): Change {
  const permissions = permissionBits(command.permissions ?? "0");
  if (permissions === undefined) return refused("permissions", "is not a bit field");
  const id = command.id ?? idFromSeed(world.seed, world.idsMade);
  if (world.roles.has(id)) return refused("id", "is taken");
  // New roles begin at the bottom, right above @everyone.
  const position = 1;
  const { details } = command;
  const color = colorOf(details) ?? 0;
  const role: Role = {
    id,
    name: command.name,
    permissions,
    position,
    color,
    managed: false,
    ...kept(details),
  };
  const next = { ...world, roles: withEntry(world.roles, id, role), idsMade: world.idsMade + 1 };
  return changed(next, { t: "GUILD_ROLE_CREATE", d: { guild_id: world.guild.id, role: wireRole(role) } });
}

export function updateRole(world: World, command: Command<"updateRole">): Change {
  const role = world.roles.get(command.roleId);
  if (role === undefined) return refused("roleId", "does not exist");
  const permissions =
    command.permissions === undefined ? role.permissions : permissionBits(command.permissions);
  if (permissions === undefined) return refused("permissions", "is not a bit field");
  const name = command.name ?? role.name;
  const { details, position = role.position } = command;
  const isSame = name === role.name && permissions === role.permissions && position === role.position;
  if (isSame && details === undefined) return changed(world);
  const color = colorOf(details) ?? role.color;
  const updated: Role = { ...role, name, permissions, position, color, ...kept(details, role.details) };
  const next = { ...world, roles: withEntry(world.roles, role.id, updated) };
  return changed(next, { t: "GUILD_ROLE_UPDATE", d: { guild_id: world.guild.id, role: wireRole(updated) } });
}

function colorOf(details: Details | undefined): number | undefined {
  const color = details?.["color"];
  return typeof color === "number" ? color : undefined;
}

function kept(details: Details | undefined, before?: Details): { readonly details?: Details } {
  if (details === undefined && before === undefined) return {};
  const { color: _shownElsewhere, ...others } = { ...before, ...details };
  return { details: others };
}

/** GUILD_ROLE_DELETE alone: that members and channels lose the role as well, a client has to know. */
export function deleteRole(world: World, roleId: Snowflake): Change {
  const role = world.roles.get(roleId);
  if (role === undefined) return refused("roleId", "does not exist");
  if (roleId === world.guild.id || role.managed) return refused("roleId", "cannot be deleted");
  const members = new Map(world.members);
  for (const member of world.members.values()) {
    if (!member.roles.includes(roleId)) continue;
    members.set(member.id, { ...member, roles: member.roles.filter((id) => id !== roleId) });
  }
  const channels = new Map(world.channels);
  for (const channel of world.channels.values()) {
    if (!channel.overwrites.some(({ id }) => id === roleId)) continue;
    channels.set(channel.id, {
      ...channel,
      overwrites: channel.overwrites.filter(({ id }) => id !== roleId),
    });
  }
  const next = { ...world, members, channels, roles: withoutEntry(world.roles, roleId) };
  return changed(next, { t: "GUILD_ROLE_DELETE", d: { guild_id: world.guild.id, role_id: roleId } });
}

export function setMemberRoles(world: World, command: Command<"setMemberRoles">): Change {
  const member = world.members.get(command.userId);
  if (member === undefined) return refused("userId", "is not a member");
  const roles = [...new Set(command.roleIds)];
  if (roles.some((id) => id === world.guild.id || !world.roles.has(id))) {
    return refused("roleIds", "names a role that cannot be given");
  }
  if (roles.join() === member.roles.join()) return changed(world);
  const updated: Member = { ...member, roles };
  return changed(
    { ...world, members: withEntry(world.members, member.id, updated) },
    {
      t: "GUILD_MEMBER_UPDATE",
      d: { guild_id: world.guild.id, ...wireMember(updated), avatar: null, banner: null },
    },
  );
}

export function setOverwrite(world: World, command: Command<"setOverwrite">): Change {
  const { channelId, targetId } = command;
  const channel = world.channels.get(channelId);
  if (channel === undefined) return refused("channelId", "does not exist");
  if (!world.roles.has(targetId) && !world.members.has(targetId)) {
    return refused("targetId", "is neither a role nor a member");
  }
  const allow = permissionBits(command.allow);
  const deny = permissionBits(command.deny);
  if (allow === undefined) return refused("allow", "is not a bit field");
  if (deny === undefined) return refused("deny", "is not a bit field");
  const kind = world.roles.has(targetId) ? "role" : "member";
  const others = channel.overwrites.filter(({ id }) => id !== targetId);
  const own: readonly Overwrite[] = (allow | deny) === 0n ? [] : [{ id: targetId, kind, allow, deny }];
  const updated = { ...channel, overwrites: [...others, ...own] };
  const next = { ...world, channels: withEntry(world.channels, channelId, updated) };
  return changed(next, { t: "CHANNEL_UPDATE", d: wireChannel(next, updated) });
}
