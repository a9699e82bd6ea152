import { ChannelType, type Snowflake } from "@guildwire/discord-wire";
import type {
  APIAttachment,
  APIChannel,
  APIGuildMember,
  APIMessage,
  APIMessageSnapshot,
  APIReaction,
  APIUser,
  GatewayMessageCreateDispatchData,
  TextChannelType,
} from "discord-api-types/v10";
import { FILE_SCHEME } from "../../files/file-address.ts";
import { isoTime } from "../iso-time.ts";
import { wireMember, wireUser } from "../wire-people.ts";
import type { Member, Place, World } from "../world.ts";
import {
  type Attachment,
  type Emoji,
  type Message,
  type MessageMore,
  type MessageReference,
  reactionOf,
} from "./message.ts";
import { wirePoll } from "./poll.ts";
import { wireThread } from "./thread.ts";

/** Messages in Discord's JSON shapes. */

const DEFAULT_TYPE = 0;
const REPLY_TYPE = 19;

/** As REST gives it: without the server and the author's membership. `botId` is who asks (`reactions[].me`). */
export function wireMessage(message: Message, botId: Snowflake): APIMessage {
  const { replyTo, more } = message;
  const reference = more?.reference;
  return {
    ...withoutReference(message, botId),
    ...(replyTo === undefined
      ? {}
      : {
          message_reference: { type: 0, message_id: replyTo.id, channel_id: replyTo.channelId },
          referenced_message: withoutReference(replyTo, botId),
        }),
    ...(reference === undefined ? {} : { message_reference: wireReference(reference) }),
    ...(more?.snapshot === undefined ? {} : { message_snapshots: [wireSnapshot(more.snapshot, botId)] }),
  };
}

function wireReference(reference: MessageReference): NonNullable<APIMessage["message_reference"]> {
  const { type, channelId, messageId, guildId } = reference;
  return {
    type,
    channel_id: channelId,
    ...(messageId === undefined ? {} : { message_id: messageId }),
    ...(guildId === undefined ? {} : { guild_id: guildId }),
  };
}

/** What a forward shows of the message: neither its author nor where it was. */
function wireSnapshot(message: Message, botId: Snowflake): APIMessageSnapshot {
  const { type, content, embeds, attachments, timestamp, edited_timestamp, flags, mentions, mention_roles } =
    withoutReference(message, botId);
  const { components, sticker_items } = withoutReference(message, botId);
  return {
    message: {
      type,
      content,
      embeds,
      attachments,
      timestamp,
      edited_timestamp,
      flags,
      mentions,
      mention_roles,
      ...(components === undefined ? {} : { components }),
      ...(sticker_items === undefined ? {} : { sticker_items }),
    },
  } as APIMessageSnapshot;
}

/** As the Gateway tells of it. A private message has no `world`. */
export function wireMessageEvent(
  message: Message,
  botId: Snowflake,
  place: { readonly world: World; readonly kind: Place["kind"] } | undefined,
): GatewayMessageCreateDispatchData {
  const wire = wireMessage(message, botId);
  if (place === undefined) return { ...wire, channel_type: ChannelType.DM };
  const { world, kind } = place;
  const author = world.members.get(message.author.id);
  return {
    ...wire,
    guild_id: world.guild.id,
    channel_type: CHANNEL_TYPE[kind] as TextChannelType,
    ...(author === undefined || message.more?.webhookId !== undefined ? {} : { member: memberAlone(author) }),
    ...threadOf(world, message),
    mentions: message.mentions.map((member) => ({ ...wireUser(member), member: memberAlone(member) })),
  };
}

/** The thread that begins at the message. A forum post's first message is no such one. */
export function threadOf(world: World, message: Message): { readonly thread?: APIChannel } {
  const thread = message.channelId === message.id ? undefined : world.threads.get(message.id);
  return thread === undefined ? {} : { thread: wireThread(world, thread) as unknown as APIChannel };
}

export function wireEmoji(emoji: Emoji): { readonly id: Snowflake | null; readonly name: string } {
  return { id: emoji.id, name: emoji.name };
}

function withoutReference(message: Message, botId: Snowflake): APIMessage {
  const { nonce, replyTo, reactions, more } = message;
  const plain = {
    id: message.id,
    channel_id: message.channelId,
    author: wireUser(message.author),
    content: message.content,
    timestamp: message.sentAt,
    edited_timestamp: message.editedAt,
    tts: more?.tts ?? false,
    mention_everyone: more?.mentionEveryone ?? false,
    mentions: message.mentions.map(wireUser),
    mention_roles: [...(more?.mentionRoles ?? [])],
    attachments: (more?.attachments ?? []).map(wireAttachment),
    embeds: [...message.embeds] as APIMessage["embeds"],
    components: [...(more?.components ?? [])] as NonNullable<APIMessage["components"]>,
    pinned: more?.pinnedAt !== undefined,
    type: more?.type ?? (replyTo === undefined ? DEFAULT_TYPE : REPLY_TYPE),
    flags: message.flags,
    ...(nonce === undefined ? {} : { nonce }),
    ...(reactions.length === 0
      ? {}
      : { reactions: reactions.map((reaction) => wireReaction(message, reaction.emoji, botId)) }),
  };
  return more === undefined ? plain : { ...plain, ...wireMore(message, more, botId) };
}

function wireMore(message: Message, more: MessageMore, botId: Snowflake): Partial<APIMessage> {
  const { webhookId, applicationId, interaction, poll, stickers } = more;
  return {
    ...(webhookId === undefined
      ? {}
      : {
          webhook_id: webhookId,
          author: {
            ...wireUser(message.author),
            discriminator: "0000",
            avatar: more.avatar ?? null,
          },
        }),
    ...(applicationId === undefined ? {} : { application_id: applicationId }),
    ...(interaction === undefined ? {} : { interaction_metadata: interaction }),
    ...(poll === undefined ? {} : { poll: wirePoll(poll, botId, isoTime) }),
    ...(stickers === undefined || stickers.length === 0
      ? {}
      : {
          sticker_items: stickers.map(({ id, name, formatType }) => ({ id, name, format_type: formatType })),
        }),
  } as unknown as Partial<APIMessage>;
}

/** Addresses of files are signed when they leave (files/file-store.ts). */
export function wireAttachment(attachment: Attachment): APIAttachment {
  const { id, filename, contentType, sizeBytes, path, title, description, isEphemeral } = attachment;
  return {
    id,
    filename,
    size: sizeBytes,
    url: `${FILE_SCHEME}${path}`,
    proxy_url: `${FILE_SCHEME}${path}`,
    content_type: contentType,
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
    ...(isEphemeral === true ? { ephemeral: true } : {}),
    ...(contentType.startsWith("image/") ? { width: 320, height: 240 } : {}),
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
  media: ChannelType.GuildMedia,
  announcementThread: ChannelType.AnnouncementThread,
  publicThread: ChannelType.PublicThread,
  privateThread: ChannelType.PrivateThread,
} as const satisfies Record<Place["kind"], ChannelType>;

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
