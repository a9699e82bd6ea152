import type { Snowflake } from "@guildwire/discord-wire";
import type { Channel, World } from "./world.ts";

/** Permission bits that something here depends on. Source: https://discord.com/developers/docs/topics/permissions */
export const Permission = {
  Administrator: 1n << 3n,
  ManageChannels: 1n << 4n,
  AddReactions: 1n << 6n,
  ViewChannel: 1n << 10n,
  SendMessages: 1n << 11n,
  ManageMessages: 1n << 13n,
  EmbedLinks: 1n << 14n,
  AttachFiles: 1n << 15n,
  ReadMessageHistory: 1n << 16n,
  Connect: 1n << 20n,
  Speak: 1n << 21n,
  MuteMembers: 1n << 22n,
  DeafenMembers: 1n << 23n,
  MoveMembers: 1n << 24n,
  ChangeNickname: 1n << 26n,
  ManageNicknames: 1n << 27n,
  ManageRoles: 1n << 28n,
  SendMessagesInThreads: 1n << 38n,
  SetVoiceChannelStatus: 1n << 48n,
} as const;

/** Every documented bit and then some: what an owner and an administrator have. */
export const ALL_PERMISSIONS = (1n << 53n) - 1n;

/** What @everyone may do in an invented server. */
export const EVERYONE_PERMISSIONS =
  Permission.ViewChannel |
  Permission.SendMessages |
  Permission.ReadMessageHistory |
  Permission.Connect |
  Permission.Speak;

/** What a bot that watches and posts needs (the documented minimum); the bot's own role has it unless told otherwise. */
export const BOT_PERMISSIONS =
  Permission.ViewChannel |
  Permission.SendMessages |
  Permission.SendMessagesInThreads |
  Permission.EmbedLinks |
  Permission.ReadMessageHistory |
  Permission.AddReactions |
  Permission.Connect;

/** What a member may do in the whole server. */
export function permissionsIn(world: World, userId: Snowflake): bigint {
  if (userId === world.guild.ownerId) return ALL_PERMISSIONS;
  const own = world.members.get(userId)?.roles ?? [];
  const sum = [world.guild.id, ...own].reduce(
    (bits, roleId) => bits | (world.roles.get(roleId)?.permissions ?? 0n),
    0n,
  );
  return sum & Permission.Administrator ? ALL_PERMISSIONS : sum;
}

/**
 * What a member may do in a channel: the server's permissions, then the overwrites of @everyone, of the roles together
 * and of the member. Who cannot view a channel can do nothing there. Only the bot is ever kept from viewing one
 * (`hidden`).
 */
export function permissionsAt(world: World, userId: Snowflake, channel: Channel): bigint {
  const base = permissionsIn(world, userId);
  if (channel.hidden && userId === world.bot.id) return 0n;
  if (base === ALL_PERMISSIONS) return base;
  const own = new Set(world.members.get(userId)?.roles ?? []);
  const layers = [
    channel.overwrites.filter(({ id }) => id === world.guild.id),
    channel.overwrites.filter(({ id, kind }) => kind === "role" && own.has(id)),
    channel.overwrites.filter(({ id, kind }) => kind === "member" && id === userId),
  ];
  return layers.reduce((bits, layer) => {
    const deny = layer.reduce((sum, overwrite) => sum | overwrite.deny, 0n);
    const allow = layer.reduce((sum, overwrite) => sum | overwrite.allow, 0n);
    return (bits & ~deny) | allow;
  }, base);
}

/** A bit field from the wire; `undefined` when it is none. */
export function permissionBits(text: string): bigint | undefined {
  return /^\d{1,20}$/.test(text) ? BigInt(text) : undefined;
}
