import { ChannelFlag, ChannelType, type Snowflake, snowflakeTimeMs } from "@guildwire/discord-wire";
import type {
  APIBaseVoiceState,
  APIGuild,
  APIGuildScheduledEvent,
  APIOverwrite,
  APIStageInstance,
  APIThreadChannel,
  APIVoiceState,
  GatewayChannelCreateDispatchData,
  GatewayChannelInfoDispatchData,
  GatewayGuildCreateDispatchData,
  Locale,
} from "discord-api-types/v10";
import { wireThread } from "./chat/thread.ts";
import { wireGuildEmoji } from "./guild/emoji-change.ts";
import { wireEvent } from "./guild/event-change.ts";
import { isoTime } from "./iso-time.ts";
import { isPlaceVisible, isVisible, Permission, permissionsIn } from "./permission.ts";
import { wireMember, wirePresence, wireRole } from "./wire-people.ts";
import type { Channel, Member, Overwrite, StageInstance, VoicePresence, World } from "./world.ts";

/**
 * The server in Discord's JSON shapes; people are in wire-people.ts and messages in wire-message.ts. No other file
 * knows the shapes: Gateway and REST both take theirs from these, as Discord's own two halves share theirs.
 */

const NO_MESSAGES: World["messages"] = new Map();
/** Typed as a plain number: the types package lists the set bits of a bit field, not "none of them". */
const NO_FLAGS: number = 0;

/** The entry of GUILD_CREATE `voice_states`, which names neither the guild nor the member. */
function wireBaseVoiceState(presence: VoicePresence, member: Member): APIBaseVoiceState {
  return {
    channel_id: presence.channelId,
    user_id: presence.userId,
    session_id: presence.sessionId,
    deaf: member.deaf,
    mute: member.mute,
    self_deaf: presence.selfDeaf,
    self_mute: presence.selfMute,
    ...(presence.stream ? { self_stream: true } : {}),
    self_video: presence.video,
    suppress: presence.suppress,
    request_to_speak_timestamp: presence.handRaisedAt,
  };
}

/**
 * VOICE_STATE_UPDATE. `memberBefore` is the member as it was before the change: inside a voice state Discord's
 * `member.mute` and `member.deaf` still hold the previous values (discord-api-docs #4600).
 */
export function wireVoiceState(
  world: World,
  presence: VoicePresence,
  member: Member,
  memberBefore: Member,
): APIVoiceState & { guild_id: Snowflake } {
  return {
    guild_id: world.guild.id,
    ...wireBaseVoiceState(presence, member),
    member: wireMember(memberBefore),
  };
}

/** VOICE_STATE_UPDATE of someone who has left: the last flags with `channel_id: null`. */
export function wireVoiceLeave(
  world: World,
  presence: VoicePresence,
  member: Member,
): APIVoiceState & { guild_id: Snowflake } {
  const { self_stream: _ended, ...state } = wireVoiceState(world, presence, member, member);
  return { ...state, channel_id: null, self_video: false, suppress: false, request_to_speak_timestamp: null };
}

/** A channel as the Gateway sends it: obfuscated when the bot may not view it. */
export function wireChannel(world: World, channel: Channel, base?: bigint): GatewayChannelCreateDispatchData {
  return isVisible(world, channel, base)
    ? wireVisibleChannel(world, channel)
    : wireHiddenChannel(world, channel);
}

export function wireVisibleChannel(world: World, channel: Channel): GatewayChannelCreateDispatchData {
  const wire = plainChannel(world, channel);
  return channel.details === undefined
    ? wire
    : ({ ...wire, ...channel.details } as GatewayChannelCreateDispatchData);
}

function plainChannel(world: World, channel: Channel): GatewayChannelCreateDispatchData {
  const base = {
    id: channel.id,
    guild_id: world.guild.id,
    name: channel.name,
    position: channel.position,
    permission_overwrites: channel.overwrites.map(wireOverwrite),
    flags: NO_FLAGS,
  };
  const lastMessageId = world.messages.get(channel.id)?.at(-1)?.id ?? null;
  const text = { last_message_id: lastMessageId, rate_limit_per_user: 0, nsfw: false };
  const room = {
    bitrate: 64_000,
    user_limit: channel.userLimit,
    rtc_region: null,
    parent_id: channel.parentId,
    ...text,
  };
  switch (channel.kind) {
    case "category":
      return { ...base, type: ChannelType.GuildCategory, parent_id: null };
    case "voice":
      return { ...base, ...room, type: ChannelType.GuildVoice };
    case "stage":
      return { ...base, ...room, type: ChannelType.GuildStageVoice };
    case "text":
      return { ...base, ...text, type: ChannelType.GuildText, topic: null, parent_id: channel.parentId };
    case "announcement":
      return {
        ...base,
        ...text,
        type: ChannelType.GuildAnnouncement,
        topic: null,
        parent_id: channel.parentId,
      };
    case "forum":
    case "media":
      return {
        ...base,
        type: channel.kind === "forum" ? ChannelType.GuildForum : ChannelType.GuildMedia,
        topic: null,
        parent_id: channel.parentId,
        available_tags: [],
        default_reaction_emoji: null,
        default_sort_order: null,
        default_forum_layout: 0,
      } as GatewayChannelCreateDispatchData;
  }
}

function wireOverwrite(overwrite: Overwrite): APIOverwrite {
  const { id, kind, allow, deny } = overwrite;
  return { id, type: kind === "role" ? 0 : 1, allow: String(allow), deny: String(deny) };
}

/** Only `id`, `type`, `position` and `parent_id` are true here (change of 2026-08-12). */
function wireHiddenChannel(world: World, channel: Channel): GatewayChannelCreateDispatchData {
  const placeholder: Channel = {
    ...channel,
    name: "___hidden___",
    userLimit: 0,
    overwrites: [],
    details: {},
  };
  return {
    ...wireVisibleChannel({ ...world, messages: NO_MESSAGES }, placeholder),
    permission_overwrites: [
      { id: world.guild.id, type: 0, allow: "0", deny: String(Permission.ViewChannel) },
    ],
    flags: ChannelFlag.Obfuscated,
  };
}

/** A guild without the lists only GUILD_CREATE carries: GUILD_UPDATE and `GET /guilds/{id}`. */
export function wireGuild(world: World): APIGuild {
  return {
    id: world.guild.id,
    name: world.guild.name,
    icon: null,
    splash: null,
    discovery_splash: null,
    owner_id: world.guild.ownerId,
    afk_channel_id: world.guild.afkChannelId,
    afk_timeout: 300,
    verification_level: 1,
    default_message_notifications: 1,
    explicit_content_filter: 2,
    roles: [...world.roles.values()].map(wireRole),
    emojis: [...world.emojis.values()].map((emoji) => wireGuildEmoji(world, emoji)),
    features: [],
    mfa_level: 0,
    application_id: null,
    system_channel_id: null,
    system_channel_flags: NO_FLAGS,
    rules_channel_id: null,
    vanity_url_code: null,
    description: null,
    banner: null,
    premium_tier: 0,
    premium_subscription_count: 0,
    preferred_locale: "en-US" as Locale,
    public_updates_channel_id: null,
    nsfw_level: 0,
    premium_progress_bar_enabled: false,
    hub_type: null,
    safety_alerts_channel_id: null,
    incidents_data: null,
    ...world.guild.details,
  };
}

/** GUILD_CREATE with all there is; the Gateway trims it to what a session's intents allow. */
export function wireGuildCreate(world: World): GatewayGuildCreateDispatchData {
  const members = [...world.members.values()];
  const base = permissionsIn(world, world.bot.id);
  return {
    ...wireGuild(world),
    joined_at: world.members.get(world.bot.id)?.joinedAt ?? isoTime(snowflakeTimeMs(world.bot.id)),
    large: false,
    unavailable: false,
    member_count: members.length,
    voice_states: [...world.voice.values()].flatMap((presence) => {
      const member = world.members.get(presence.userId);
      return member === undefined ? [] : [wireBaseVoiceState(presence, member)];
    }),
    members: members.map(wireMember),
    channels: [...world.channels.values()].map((channel) => {
      const { guild_id: _enclosing, ...entry } = wireChannel(world, channel, base);
      return entry;
    }),
    threads: activeThreads(world, base),
    presences: [...world.presences.values()].map((presence) => wirePresence(world, presence)),
    stage_instances: [...world.stages.values()].map((stage) => wireStage(world, stage)),
    guild_scheduled_events: [...world.scheduledEvents.values()]
      .filter(({ status }) => status <= 2)
      .map((event) => wireEvent(world, event) as unknown as APIGuildScheduledEvent),
    soundboard_sounds: [],
  };
}

/** Active threads that the bot may view. */
function activeThreads(world: World, base: bigint): APIThreadChannel[] {
  if (world.threads.size === 0) return [];
  return [...world.threads.values()].flatMap((thread) => {
    const channel = world.channels.get(thread.parentId);
    if (thread.archived || channel === undefined || !isVisible(world, channel, base)) return [];
    const place = { id: thread.id, kind: thread.kind, channel, thread };
    return isPlaceVisible(world, place) ? [wireThread(world, thread) as unknown as APIThreadChannel] : [];
  });
}

export function wireStage(world: World, stage: StageInstance): APIStageInstance {
  return {
    id: stage.id,
    guild_id: world.guild.id,
    channel_id: stage.channelId,
    topic: stage.topic,
    privacy_level: GUILD_ONLY,
    discoverable_disabled: true,
    // The types package does not know that it is null when no event is behind the stage.
    guild_scheduled_event_id: null as unknown as string,
  };
}

const GUILD_ONLY = 2;

/** CHANNEL_INFO: the two facts about rooms that no channel object carries. */
export function wireChannelInfo(world: World, fields: readonly string[]): GatewayChannelInfoDispatchData {
  const rooms = [...world.channels.values()].filter(
    (channel) => isVisible(world, channel) && (channel.kind === "voice" || channel.kind === "stage"),
  );
  return {
    guild_id: world.guild.id,
    channels: rooms.map((room) => ({
      id: room.id,
      ...(fields.includes("status") ? { status: room.status } : {}),
      ...(fields.includes("voice_start_time") ? { voice_start_time: room.voiceStartedAt } : {}),
    })),
  };
}
