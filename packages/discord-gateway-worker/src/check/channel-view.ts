/**
 * Which voice and stage channels a bot may view, from what REST tells of roles and overwrites: pure.
 * Source: https://discord.com/developers/docs/topics/permissions#permission-overwrites
 *
 * Since 2026-08 Discord may leave channels that the bot cannot view out of the list; then nothing here is hidden.
 */
import { ChannelType } from "@guildwire/discord-wire";
import * as z from "zod";

const ADMINISTRATOR = 1n << 3n;
const VIEW_CHANNEL = 1n << 10n;

const bits = z
  .string()
  .regex(/^\d{1,20}$/)
  .transform(BigInt);

export const guildSchema = z.object({
  id: z.string(),
  name: z.string(),
  owner_id: z.string(),
  roles: z.array(z.object({ id: z.string(), permissions: bits })),
});
export type Guild = z.infer<typeof guildSchema>;

export const memberSchema = z.object({ roles: z.array(z.string()) });

export const channelsSchema = z.array(
  z.object({
    id: z.string(),
    type: z.int(),
    name: z.string(),
    permission_overwrites: z
      .array(z.object({ id: z.string(), type: z.int(), allow: bits, deny: bits }))
      .optional(),
  }),
);
type Channel = z.infer<typeof channelsSchema>[number];

export interface Viewer {
  readonly botId: string;
  readonly roleIds: readonly string[];
}

export interface ChannelView {
  readonly visible: readonly string[];
  /** Names of voice channels that the bot may not view. */
  readonly hidden: readonly string[];
}

export function channelView(guild: Guild, viewer: Viewer, channels: readonly Channel[]): ChannelView {
  const base = basePermissions(guild, viewer);
  const voice = channels.filter(
    ({ type }) => type === ChannelType.GuildVoice || type === ChannelType.GuildStageVoice,
  );
  const isVisible = (channel: Channel) => mayView(base, guild, viewer, channel);
  return {
    visible: voice.filter(isVisible).map(({ name }) => name),
    hidden: voice.filter((channel) => !isVisible(channel)).map(({ name }) => name),
  };
}

function basePermissions(guild: Guild, { botId, roleIds }: Viewer): bigint {
  if (guild.owner_id === botId) return ADMINISTRATOR;
  return guild.roles
    .filter(({ id }) => id === guild.id || roleIds.includes(id))
    .reduce((sum, { permissions }) => sum | permissions, 0n);
}

/** The server's permissions, then the overwrites of @everyone, of the roles together, and of the bot itself. */
function mayView(base: bigint, guild: Guild, { botId, roleIds }: Viewer, channel: Channel): boolean {
  if ((base & ADMINISTRATOR) !== 0n) return true;
  const overwrites = channel.permission_overwrites ?? [];
  const layers = [
    overwrites.filter(({ id }) => id === guild.id),
    overwrites.filter(({ id }) => id !== guild.id && roleIds.includes(id)),
    overwrites.filter(({ id }) => id === botId),
  ];
  const result = layers.reduce((sum, layer) => {
    const deny = layer.reduce((all, overwrite) => all | overwrite.deny, 0n);
    const allow = layer.reduce((all, overwrite) => all | overwrite.allow, 0n);
    return (sum & ~deny) | allow;
  }, base);
  return (result & VIEW_CHANNEL) !== 0n;
}
