/** Source: https://discord.com/developers/docs/resources/channel#channel-object-channel-types */
export const ChannelType = {
  GuildText: 0,
  DM: 1,
  GuildVoice: 2,
  GroupDM: 3,
  GuildCategory: 4,
  GuildAnnouncement: 5,
  AnnouncementThread: 10,
  PublicThread: 11,
  PrivateThread: 12,
  GuildStageVoice: 13,
  GuildDirectory: 14,
  GuildForum: 15,
  GuildMedia: 16,
} as const;

export type ChannelType = (typeof ChannelType)[keyof typeof ChannelType];

/**
 * Channel flags that matter here. `Obfuscated` (since 2026-08-12) marks a channel the bot may not view: its name
 * and most fields are placeholders, only `id`, `type`, `position` and `parent_id` can be relied on.
 */
export const ChannelFlag = { Obfuscated: 1 << 17 } as const;
