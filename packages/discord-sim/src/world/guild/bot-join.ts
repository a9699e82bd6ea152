import { type Change, changed, refused, withEntry } from "../change.ts";
import { isoTime } from "../iso-time.ts";
import { BOT_PERMISSIONS, permissionBits } from "../permission.ts";
import { botMember } from "../population.ts";
import { wireMember, wireRole } from "../wire-people.ts";
import { type Bot, idFromTime, type Member, type Role, type World } from "../world.ts";

/** A bot is added to the server, with a role of its own. */
export function joinBot(world: World, bot: Bot, permissions: string | undefined, atMs: number): Change {
  if (world.members.has(bot.id)) return refused("applicationId", "is in the server");
  const bits = permissions === undefined ? BOT_PERMISSIONS : permissionBits(permissions);
  if (bits === undefined) return refused("permissions", "is not a bit field");
  const id = idFromTime(world, bot.id, atMs);
  const role: Role = { id, name: bot.username, permissions: bits, position: 1, color: 0, managed: true };
  const member: Member = { ...botMember(bot), joinedAt: isoTime(atMs), roles: [id] };
  const next: World = {
    ...world,
    idsMade: world.idsMade + 1,
    roles: withEntry(world.roles, id, role),
    members: withEntry(world.members, bot.id, member),
    presences: withEntry(world.presences, bot.id, {
      userId: bot.id,
      status: "online",
      playing: null,
      sinceMs: atMs,
    }),
  };
  return changed(
    next,
    { t: "GUILD_ROLE_CREATE", d: { guild_id: world.guild.id, role: wireRole(role) } },
    { t: "GUILD_MEMBER_ADD", d: { guild_id: world.guild.id, ...wireMember(member) } },
  );
}
