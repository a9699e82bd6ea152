/**
 * Who may do what in a channel.
 *
 * - PERM-1 The owner and ADMINISTRATOR may do everything; overwrites do not count for them.
 * - PERM-2 Base: @everyone's role or'ed with all of the member's roles. A role's position plays no part.
 * - PERM-3 Overwrites in three levels, each deny before allow: @everyone; all roles together; the member.
 * - PERM-4 Without VIEW_CHANNEL nothing else counts. Voice and stage channels need CONNECT besides.
 * - PERM-5 A category's overwrites do not count by themselves; a thread has its parent's.
 *
 * Source: https://discord.com/developers/docs/topics/permissions
 */
import type { Overwrite } from "./guild-channel.ts";
import type { Role } from "./role.ts";
import type { Snowflake } from "./snowflake.ts";

/** Permission bits. They pass 2^53, so they are BigInts here and decimal strings on the wire. */
export const Permission = {
  CreateInstantInvite: 1n << 0n,
  KickMembers: 1n << 1n,
  BanMembers: 1n << 2n,
  Administrator: 1n << 3n,
  ManageChannels: 1n << 4n,
  ManageGuild: 1n << 5n,
  AddReactions: 1n << 6n,
  ViewChannel: 1n << 10n,
  SendMessages: 1n << 11n,
  ManageMessages: 1n << 13n,
  EmbedLinks: 1n << 14n,
  AttachFiles: 1n << 15n,
  ReadMessageHistory: 1n << 16n,
  MentionEveryone: 1n << 17n,
  UseExternalEmojis: 1n << 18n,
  Connect: 1n << 20n,
  MuteMembers: 1n << 22n,
  MoveMembers: 1n << 24n,
  ManageRoles: 1n << 28n,
  ManageWebhooks: 1n << 29n,
  ManageEvents: 1n << 33n,
  ManageThreads: 1n << 34n,
  CreatePublicThreads: 1n << 35n,
  CreatePrivateThreads: 1n << 36n,
  SendMessagesInThreads: 1n << 38n,
  ModerateMembers: 1n << 40n,
  CreateEvents: 1n << 44n,
  SendPolls: 1n << 49n,
  PinMessages: 1n << 51n,
} as const;

/** Every bit, those that Discord adds later included. */
export const ALL_PERMISSIONS: bigint = (1n << 64n) - 1n;

/** What is known of a guild when permissions are computed. */
export interface PermissionContext {
  readonly guildId: Snowflake;
  readonly ownerId: Snowflake;
  readonly roles: ReadonlyMap<Snowflake, Pick<Role, "permissions">>;
}

/** A member, or @everyone: someone without roles who owns nothing. */
export interface PermissionHolder {
  readonly userId: Snowflake | null;
  readonly roles: readonly Snowflake[];
}

/** Someone who has no role but @everyone: what such a person may read, everybody in the guild may. */
export const EVERYONE: PermissionHolder = { userId: null, roles: [] };

/** Permissions in the guild as a whole (PERM-1, PERM-2). A role that is not known grants nothing. */
export function guildPermissions(guild: PermissionContext, holder: PermissionHolder): bigint {
  if (holder.userId !== null && holder.userId === guild.ownerId) return ALL_PERMISSIONS;
  let bits = bitsOf(guild.roles.get(guild.guildId)?.permissions);
  for (const role of holder.roles) bits |= bitsOf(guild.roles.get(role)?.permissions);
  return (bits & Permission.Administrator) === 0n ? bits : ALL_PERMISSIONS;
}

/** Permissions in one channel; for a thread, give its parent's overwrites (PERM-5). */
export function channelPermissions(
  guild: PermissionContext,
  holder: PermissionHolder,
  overwrites: readonly Overwrite[],
): bigint {
  const base = guildPermissions(guild, holder);
  if (base === ALL_PERMISSIONS) return base;
  const everyone = overwrites.find(({ id }) => id === guild.guildId);
  let bits = applied(base, bitsOf(everyone?.deny), bitsOf(everyone?.allow));
  let [deny, allow] = [0n, 0n];
  for (const overwrite of overwrites) {
    if (overwrite.kind !== "role" || overwrite.id === guild.guildId) continue;
    if (!holder.roles.includes(overwrite.id)) continue;
    deny |= bitsOf(overwrite.deny);
    allow |= bitsOf(overwrite.allow);
  }
  bits = applied(bits, deny, allow);
  const own = overwrites.find(({ kind, id }) => kind === "member" && id === holder.userId);
  bits = applied(bits, bitsOf(own?.deny), bitsOf(own?.allow));
  return (bits & Permission.ViewChannel) === 0n ? 0n : bits;
}

/** Whether the messages of a channel may be read, past ones included (PERM-4). */
export function mayReadMessages(permissions: bigint, channelHasVoice: boolean): boolean {
  const needed =
    Permission.ViewChannel | Permission.ReadMessageHistory | (channelHasVoice ? Permission.Connect : 0n);
  return (permissions & needed) === needed;
}

function applied(bits: bigint, deny: bigint, allow: bigint): bigint {
  return (bits & ~deny) | allow;
}

function bitsOf(decimal: string | undefined): bigint {
  return decimal === undefined ? 0n : BigInt(decimal);
}
