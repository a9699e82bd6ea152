import { hexOf } from "@guildwire/runtime/random";
import { type Change, changed, refused, withEntry, withoutEntry } from "../change.ts";
import type { GuildCommand } from "../command.ts";
import type { Dispatch } from "../dispatch.ts";
import { isoTime } from "../iso-time.ts";
import { Permission, permissionsAt } from "../permission.ts";
import { wireUser } from "../wire-people.ts";
import type { Channel, Invite, World } from "../world.ts";

/** Invites. Only a bot that may manage the channel is told of them. */

type CreateInvite = Extract<GuildCommand, { type: "createInvite" }>;

const DAY_SECONDS = 86_400;

export function createInvite(world: World, command: CreateInvite, atMs: number): Change {
  const channel = world.channels.get(command.channelId);
  if (channel === undefined) return refused("channelId", "does not exist");
  if (!world.members.has(command.userId)) return refused("userId", "is not a member");
  const code = command.code ?? hexOf(`invite/${world.seed}/${world.idsMade}`).slice(0, 8);
  if (world.invites.has(code)) return refused("code", "is taken");
  const invite: Invite = {
    code,
    channelId: channel.id,
    inviterId: command.userId,
    createdAt: isoTime(atMs),
    maxAgeSeconds: command.maxAgeSeconds ?? DAY_SECONDS,
    maxUses: command.maxUses ?? 0,
    uses: 0,
    temporary: command.temporary ?? false,
  };
  const next = { ...world, invites: withEntry(world.invites, code, invite), idsMade: world.idsMade + 1 };
  const { channel: _channel, guild: _guild, ...facts } = wireInvite(next, invite);
  const d = { ...facts, channel_id: channel.id, guild_id: world.guild.id };
  return changed(next, ...told(next, channel, { t: "INVITE_CREATE", d }));
}

export function deleteInvite(world: World, code: string): Change {
  const invite = world.invites.get(code);
  const channel = invite && world.channels.get(invite.channelId);
  if (invite === undefined) return refused("code", "does not exist");
  const next = { ...world, invites: withoutEntry(world.invites, code) };
  const d = { channel_id: invite.channelId, guild_id: world.guild.id, code };
  return changed(next, ...(channel === undefined ? [] : told(world, channel, { t: "INVITE_DELETE", d })));
}

function told(world: World, channel: Channel, dispatch: Dispatch): readonly Dispatch[] {
  return permissionsAt(world, world.bot.id, channel) & Permission.ManageChannels ? [dispatch] : [];
}

/** An invite with its metadata. */
export function wireInvite(world: World, invite: Invite): Readonly<Record<string, unknown>> {
  const inviter = world.members.get(invite.inviterId);
  const channel = world.channels.get(invite.channelId);
  const expiresAt =
    invite.maxAgeSeconds === 0 ? null : isoTime(Date.parse(invite.createdAt) + invite.maxAgeSeconds * 1000);
  return {
    type: 0,
    code: invite.code,
    guild: { id: world.guild.id, name: world.guild.name, icon: null, features: [] },
    channel: channel && { id: channel.id, name: channel.name, type: channel.kind === "voice" ? 2 : 0 },
    ...(inviter === undefined ? {} : { inviter: wireUser(inviter) }),
    created_at: invite.createdAt,
    expires_at: expiresAt,
    max_age: invite.maxAgeSeconds,
    max_uses: invite.maxUses,
    uses: invite.uses,
    temporary: invite.temporary,
    flags: 0,
  };
}
