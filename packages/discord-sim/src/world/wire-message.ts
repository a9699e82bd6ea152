import { ChannelType, type Snowflake } from "@guildwire/discord-wire";
import type {
  APIGuildMember,
  APIMessage,
  APIReaction,
  APIUser,
  GatewayMessageCreateDispatchData,
  TextChannelType,
} from "discord-api-types/v10";
import { type Emoji, type Message, reactionOf } from "./message.ts";
import { wireMember, wireUser } from "./wire-people.ts";
import type { ChannelKind, Member, World } from "./world.ts";

/** Messages in Discord's JSON shapes. */

const DEFAULT_TYPE = 0;
const REPLY_TYPE = 19;

/** As REST gives it: without the server and the author's membership. `botId` is who asks (`reactions[].me`). */
export function wireMessage(message: Message, botId: Snowflake): APIMessage {
  const { replyTo } = message;
  return {
    ...withoutReference(message, botId),
    ...(replyTo === undefined
      ? {}
      : {
          message_reference: { type: 0, message_id: replyTo.id, channel_id: replyTo.channelId },
          referenced_message: withoutReference(replyTo, botId),
        }),
  };
}

/** As the Gateway tells of it. A private message has no `world`. */
export function wireMessageEvent(
  message: Message,
  botId: Snowflake,
  place: { readonly world: World; readonly kind: ChannelKind } | undefined,
): GatewayMessageCreateDispatchData {
  const wire = wireMessage(message, botId);
  if (place === undefined) return { ...wire, channel_type: ChannelType.DM };
  const { world, kind } = place;
  const author = world.members.get(message.author.id);
  return {
    ...wire,
    guild_id: world.guild.id,
    channel_type: CHANNEL_TYPE[kind] as TextChannelType,
    ...(author === undefined ? {} : { member: memberAlone(author) }),
    mentions: message.mentions.map((member) => ({ ...wireUser(member), member: memberAlone(member) })),
  };
}

export function wireEmoji(emoji: Emoji): { readonly id: Snowflake | null; readonly name: string } {
  return { id: emoji.id, name: emoji.name };
}

function withoutReference(message: Message, botId: Snowflake): APIMessage {
  const { nonce, replyTo, reactions } = message;
  return {
    id: message.id,
    channel_id: message.channelId,
    author: wireUser(message.author),
    content: message.content,
    timestamp: message.sentAt,
    edited_timestamp: message.editedAt,
    tts: false,
    mention_everyone: false,
    mentions: message.mentions.map(wireUser),
    mention_roles: [],
    attachments: [],
    embeds: [...message.embeds] as APIMessage["embeds"],
    components: [],
    pinned: false,
    type: replyTo === undefined ? DEFAULT_TYPE : REPLY_TYPE,
    flags: message.flags,
    ...(nonce === undefined ? {} : { nonce }),
    ...(reactions.length === 0
      ? {}
      : { reactions: reactions.map((reaction) => wireReaction(message, reaction.emoji, botId)) }),
  };
}

function wireReaction(message: Message, emoji: Emoji, botId: Snowflake): APIReaction {
  const userIds = reactionOf(message, emoji)?.userIds ?? [];
  return {
    count: userIds.length,
    count_details: { burst: 0, normal: userIds.length },
    me: userIds.includes(botId),
    me_burst: false,
    emoji: wireEmoji(emoji),
    burst_colors: [],
  };
}

function memberAlone(member: Member): Omit<APIGuildMember, "user"> {
  const { user: _enclosing, ...alone } = wireMember(member);
  return alone;
}

const CHANNEL_TYPE = {
  text: ChannelType.GuildText,
  announcement: ChannelType.GuildAnnouncement,
  forum: ChannelType.GuildForum,
  category: ChannelType.GuildCategory,
  voice: ChannelType.GuildVoice,
  stage: ChannelType.GuildStageVoice,
} as const satisfies Record<ChannelKind, ChannelType>;

/** A private channel between one person and the bot. */
export function wireDirectChannel(
  id: Snowflake,
  person: Member,
  lastMessageId: Snowflake | null,
): { id: string; type: 1; last_message_id: string | null; recipients: APIUser[]; flags: number } {
  return {
    id,
    type: ChannelType.DM,
    last_message_id: lastMessageId,
    recipients: [wireUser(person)],
    flags: 0,
  };
}
