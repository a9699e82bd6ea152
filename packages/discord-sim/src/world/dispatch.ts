import type {
  GatewayChannelCreateDispatchData,
  GatewayChannelDeleteDispatchData,
  GatewayChannelInfoDispatchData,
  GatewayChannelPinsUpdateDispatchData,
  GatewayChannelUpdateDispatchData,
  GatewayGuildBanAddDispatchData,
  GatewayGuildBanRemoveDispatchData,
  GatewayGuildCreateDispatchData,
  GatewayGuildDeleteDispatchData,
  GatewayGuildEmojisUpdateDispatchData,
  GatewayGuildMemberAddDispatchData,
  GatewayGuildMemberRemoveDispatchData,
  GatewayGuildMembersChunkDispatchData,
  GatewayGuildMemberUpdateDispatchData,
  GatewayGuildRoleCreateDispatchData,
  GatewayGuildRoleDeleteDispatchData,
  GatewayGuildRoleUpdateDispatchData,
  GatewayGuildScheduledEventUserAddDispatchData,
  GatewayGuildScheduledEventUserRemoveDispatchData,
  GatewayGuildUpdateDispatchData,
  GatewayInviteDeleteDispatchData,
  GatewayMessageCreateDispatchData,
  GatewayMessageDeleteBulkDispatchData,
  GatewayMessageDeleteDispatchData,
  GatewayMessagePollVoteDispatchData,
  GatewayMessageReactionAddDispatchData,
  GatewayMessageReactionRemoveAllDispatchData,
  GatewayMessageReactionRemoveDispatchData,
  GatewayMessageReactionRemoveEmojiDispatchData,
  GatewayMessageUpdateDispatchData,
  GatewayPresenceUpdateDispatchData,
  GatewayRateLimitedRequestGuildMembersDispatchData,
  GatewayReadyDispatchData,
  GatewaySoundboardSoundsDispatchData,
  GatewayStageInstanceCreateDispatchData,
  GatewayStageInstanceDeleteDispatchData,
  GatewayStageInstanceUpdateDispatchData,
  GatewayTypingStartDispatchData,
  GatewayVoiceChannelStartTimeUpdateDispatchData,
  GatewayVoiceChannelStatusUpdateDispatchData,
  GatewayVoiceServerUpdateDispatchData,
  GatewayVoiceStateUpdateDispatchData,
  GatewayWebhooksUpdateDispatchData,
} from "discord-api-types/v10";

/**
 * Every dispatch the stand-in can send, with the shape Discord gives it. The shapes are those of the public types
 * package, so that a drift between the two does not compile.
 */
export interface DispatchData {
  READY: GatewayReadyDispatchData;
  RESUMED: Readonly<Record<string, never>>;
  GUILD_CREATE: GatewayGuildCreateDispatchData;
  GUILD_UPDATE: GatewayGuildUpdateDispatchData;
  GUILD_DELETE: GatewayGuildDeleteDispatchData;
  CHANNEL_CREATE: GatewayChannelCreateDispatchData;
  CHANNEL_UPDATE: GatewayChannelUpdateDispatchData;
  CHANNEL_DELETE: GatewayChannelDeleteDispatchData;
  CHANNEL_INFO: GatewayChannelInfoDispatchData;
  VOICE_STATE_UPDATE: GatewayVoiceStateUpdateDispatchData;
  VOICE_SERVER_UPDATE: GatewayVoiceServerUpdateDispatchData;
  VOICE_CHANNEL_STATUS_UPDATE: GatewayVoiceChannelStatusUpdateDispatchData;
  VOICE_CHANNEL_START_TIME_UPDATE: GatewayVoiceChannelStartTimeUpdateDispatchData;
  GUILD_MEMBER_ADD: GatewayGuildMemberAddDispatchData;
  GUILD_MEMBER_UPDATE: GatewayGuildMemberUpdateDispatchData;
  GUILD_MEMBER_REMOVE: GatewayGuildMemberRemoveDispatchData;
  GUILD_ROLE_CREATE: GatewayGuildRoleCreateDispatchData;
  GUILD_ROLE_UPDATE: GatewayGuildRoleUpdateDispatchData;
  GUILD_ROLE_DELETE: GatewayGuildRoleDeleteDispatchData;
  MESSAGE_CREATE: GatewayMessageCreateDispatchData;
  MESSAGE_UPDATE: GatewayMessageUpdateDispatchData;
  MESSAGE_DELETE: GatewayMessageDeleteDispatchData;
  MESSAGE_DELETE_BULK: GatewayMessageDeleteBulkDispatchData;
  MESSAGE_REACTION_ADD: GatewayMessageReactionAddDispatchData;
  MESSAGE_REACTION_REMOVE: GatewayMessageReactionRemoveDispatchData;
  MESSAGE_REACTION_REMOVE_ALL: GatewayMessageReactionRemoveAllDispatchData;
  MESSAGE_REACTION_REMOVE_EMOJI: GatewayMessageReactionRemoveEmojiDispatchData;
  MESSAGE_POLL_VOTE_ADD: GatewayMessagePollVoteDispatchData;
  MESSAGE_POLL_VOTE_REMOVE: GatewayMessagePollVoteDispatchData;
  CHANNEL_PINS_UPDATE: GatewayChannelPinsUpdateDispatchData;
  THREAD_CREATE: WireObject;
  THREAD_UPDATE: WireObject;
  THREAD_DELETE: WireObject;
  THREAD_LIST_SYNC: WireObject;
  THREAD_MEMBER_UPDATE: WireObject;
  THREAD_MEMBERS_UPDATE: WireObject;
  WEBHOOKS_UPDATE: GatewayWebhooksUpdateDispatchData;
  INVITE_CREATE: WireObject;
  INVITE_DELETE: GatewayInviteDeleteDispatchData;
  GUILD_BAN_ADD: GatewayGuildBanAddDispatchData;
  GUILD_BAN_REMOVE: GatewayGuildBanRemoveDispatchData;
  GUILD_EMOJIS_UPDATE: GatewayGuildEmojisUpdateDispatchData;
  GUILD_SCHEDULED_EVENT_CREATE: WireObject;
  GUILD_SCHEDULED_EVENT_UPDATE: WireObject;
  GUILD_SCHEDULED_EVENT_DELETE: WireObject;
  GUILD_SCHEDULED_EVENT_USER_ADD: GatewayGuildScheduledEventUserAddDispatchData;
  GUILD_SCHEDULED_EVENT_USER_REMOVE: GatewayGuildScheduledEventUserRemoveDispatchData;
  INTERACTION_CREATE: WireObject;
  APPLICATION_COMMAND_PERMISSIONS_UPDATE: WireObject;
  TYPING_START: GatewayTypingStartDispatchData;
  PRESENCE_UPDATE: GatewayPresenceUpdateDispatchData;
  STAGE_INSTANCE_CREATE: GatewayStageInstanceCreateDispatchData;
  STAGE_INSTANCE_UPDATE: GatewayStageInstanceUpdateDispatchData;
  STAGE_INSTANCE_DELETE: GatewayStageInstanceDeleteDispatchData;
  GUILD_MEMBERS_CHUNK: GatewayGuildMembersChunkDispatchData;
  SOUNDBOARD_SOUNDS: GatewaySoundboardSoundsDispatchData;
  RATE_LIMITED: GatewayRateLimitedRequestGuildMembersDispatchData;
}

/** Built field by field where the types package asks for more than Discord sends. */
export type WireObject = Readonly<Record<string, unknown>>;

export type DispatchName = keyof DispatchData;

/** One event before it has a sequence number: every session numbers for itself. */
export type Dispatch = {
  [Name in DispatchName]: { readonly t: Name; readonly d: DispatchData[Name] };
}[DispatchName];
