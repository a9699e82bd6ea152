import type {
  GatewayChannelCreateDispatchData,
  GatewayChannelDeleteDispatchData,
  GatewayChannelInfoDispatchData,
  GatewayChannelUpdateDispatchData,
  GatewayGuildCreateDispatchData,
  GatewayGuildDeleteDispatchData,
  GatewayGuildMemberAddDispatchData,
  GatewayGuildMemberRemoveDispatchData,
  GatewayGuildMembersChunkDispatchData,
  GatewayGuildMemberUpdateDispatchData,
  GatewayGuildRoleCreateDispatchData,
  GatewayGuildRoleDeleteDispatchData,
  GatewayGuildRoleUpdateDispatchData,
  GatewayGuildUpdateDispatchData,
  GatewayMessageCreateDispatchData,
  GatewayMessageDeleteBulkDispatchData,
  GatewayMessageDeleteDispatchData,
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
  GatewayVoiceStateUpdateDispatchData,
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
  TYPING_START: GatewayTypingStartDispatchData;
  PRESENCE_UPDATE: GatewayPresenceUpdateDispatchData;
  STAGE_INSTANCE_CREATE: GatewayStageInstanceCreateDispatchData;
  STAGE_INSTANCE_UPDATE: GatewayStageInstanceUpdateDispatchData;
  STAGE_INSTANCE_DELETE: GatewayStageInstanceDeleteDispatchData;
  GUILD_MEMBERS_CHUNK: GatewayGuildMembersChunkDispatchData;
  SOUNDBOARD_SOUNDS: GatewaySoundboardSoundsDispatchData;
  RATE_LIMITED: GatewayRateLimitedRequestGuildMembersDispatchData;
}

export type DispatchName = keyof DispatchData;

/** One event before it has a sequence number: every session numbers for itself. */
export type Dispatch = {
  [Name in DispatchName]: { readonly t: Name; readonly d: DispatchData[Name] };
}[DispatchName];
