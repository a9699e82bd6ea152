import type { Snowflake } from "@guildwire/discord-wire";
import type { Channel, Place, World } from "./world.ts";

/** Permission bits that something here depends on. Source: https://discord.com/developers/docs/topics/permissions */
export const Permission = {
  CreateInstantInvite: 1n << 0n,
  KickMembers: 1n << 1n,
  BanMembers: 1n << 2n,
  Administrator: 1n << 3n,
  ManageChannels: 1n << 4n,
  ManageGuild: 1n << 5n,
  AddReactions: 1n << 6n,
  ViewAuditLog: 1n << 7n,
  PrioritySpeaker: 1n << 8n,
  Stream: 1n << 9n,
  ViewChannel: 1n << 10n,
  SendMessages: 1n << 11n,
  SendTtsMessages: 1n << 12n,
  ManageMessages: 1n << 13n,
  EmbedLinks: 1n << 14n,
  AttachFiles: 1n << 15n,
  ReadMessageHistory: 1n << 16n,
  MentionEveryone: 1n << 17n,
  UseExternalEmojis: 1n << 18n,
  Connect: 1n << 20n,
  Speak: 1n << 21n,
  MuteMembers: 1n << 22n,
  DeafenMembers: 1n << 23n,
  MoveMembers: 1n << 24n,
  UseVad: 1n << 25n,
  ChangeNickname: 1n << 26n,
  ManageNicknames: 1n << 27n,
  ManageRoles: 1n << 28n,
  ManageWebhooks: 1n << 29n,
  ManageExpressions: 1n << 30n,
  UseApplicationCommands: 1n << 31n,
  RequestToSpeak: 1n << 32n,
  ManageEvents: 1n << 33n,
  ManageThreads: 1n << 34n,
  CreatePublicThreads: 1n << 35n,
  CreatePrivateThreads: 1n << 36n,
  UseExternalStickers: 1n << 37n,
  SendMessagesInThreads: 1n << 38n,
  ModerateMembers: 1n << 40n,
  CreateExpressions: 1n << 43n,
  CreateEvents: 1n << 44n,
  SetVoiceChannelStatus: 1n << 48n,
  SendPolls: 1n << 49n,
  PinMessages: 1n << 51n,
  BypassSlowmode: 1n << 52n,
} as const;

/** Every documented bit and then some: what an owner and an administrator have. */
export const ALL_PERMISSIONS = (1n << 53n) - 1n;

/** What @everyone may do in an invented server. */
export const EVERYONE_PERMISSIONS =
  Permission.ViewChannel |
  Permission.SendMessages |
  Permission.ReadMessageHistory |
  Permission.Connect |
  Permission.Speak |
  Permission.UseApplicationCommands;

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
 * and of the member. Who cannot view a channel can do nothing there. `hidden` keeps the bot from viewing it, whatever
 * its roles say. `base` is what the member may do in the whole server, for callers that look at many channels.
 */
export function permissionsAt(
  world: World,
  userId: Snowflake,
  channel: Channel,
  base = permissionsIn(world, userId),
): bigint {
  if (channel.hidden && userId === world.bot.id) return 0n;
  if (base === ALL_PERMISSIONS) return base;
  const own = new Set(world.members.get(userId)?.roles ?? []);
  const layers = [
    channel.overwrites.filter(({ id }) => id === world.guild.id),
    channel.overwrites.filter(({ id, kind }) => kind === "role" && own.has(id)),
    channel.overwrites.filter(({ id, kind }) => kind === "member" && id === userId),
  ];
  const held = layers.reduce((bits, layer) => {
    const deny = layer.reduce((sum, overwrite) => sum | overwrite.deny, 0n);
    const allow = layer.reduce((sum, overwrite) => sum | overwrite.allow, 0n);
    return (bits & ~deny) | allow;
  }, base);
  return held & Permission.ViewChannel ? held : 0n;
}

/** Whether the bot may view a channel. `base` is what it may do in the whole server. */
export function isVisible(world: World, channel: Channel, base?: bigint): boolean {
  if (channel.hidden) return false;
  if (channel.overwrites.length === 0) {
    return ((base ?? permissionsIn(world, world.bot.id)) & Permission.ViewChannel) !== 0n;
  }
  return permissionsAt(world, world.bot.id, channel, base) !== 0n;
}

/** The same for a place of messages. A private thread is seen by those who are in it or manage threads. */
export function isPlaceVisible(world: World, place: Place): boolean {
  if (!isVisible(world, place.channel)) return false;
  const { thread } = place;
  if (thread?.kind !== "privateThread" || thread.members.has(world.bot.id)) return true;
  return (permissionsAt(world, world.bot.id, place.channel) & Permission.ManageThreads) !== 0n;
}

/** A bit field from the wire; `undefined` when it is none. */
export function permissionBits(text: string): bigint | undefined {
  return /^\d{1,20}$/.test(text) ? BigInt(text) : undefined;
}
