export { type Channel, type ChannelInfo, decodeChannel, type VoiceChannelInfo } from "./channel.ts";
export { ChannelFlag, ChannelType } from "./channel-types.ts";
export { closeCodeName, GatewayCloseCode, WebSocketCloseCode } from "./close-codes.ts";
export type { Decoded } from "./decoded.ts";
export {
  DISPATCH_NAMES,
  type Dispatch,
  type DispatchFamily,
  type DispatchName,
  decodeDispatch,
  decodeOfFamily,
  dispatchNamesOf,
  FAMILY_DECODERS,
  type FamilyDispatch,
  isDispatchName,
} from "./dispatch.ts";
export type { Emoji } from "./emoji.ts";
export { decodeFrame, decodeHello, decodeInvalidSession, type GatewayFrame } from "./frame.ts";
export { decodeGatewayBot, type GatewayBot } from "./gateway-bot.ts";
export type { GuildCreate, GuildProfile } from "./guild.ts";
export {
  type GuildChannel,
  type GuildChannels,
  isThreadType,
  type Overwrite,
  rolesInGuildCreate,
  type Thread,
  type ThreadList,
} from "./guild-channel.ts";
export { ALL_INTENTS, GatewayIntent, PRIVILEGED_INTENTS } from "./intents.ts";
export {
  type CommandData,
  type CommandOption,
  decodeInteraction,
  type Interaction,
  type InteractionData,
  InteractionType,
  type ModalField,
  type ResolvedEntities,
} from "./interaction.ts";
export type { MemberProfile, NewMember } from "./member.ts";
export type { Attachment } from "./message/attachment.ts";
export {
  type Component,
  type ComponentMedia,
  ComponentType,
  type SelectOption,
} from "./message/component.ts";
export type { Embed, EmbedMedia } from "./message/embed.ts";
export {
  decodeMessage,
  type Message,
  type MessageContent,
  type MessageReference,
  type MessageRemoval,
  type MessageSnapshot,
  type MessageUpdate,
  type ReactionCount,
  type Sticker,
} from "./message/message.ts";
export type { Poll } from "./message/poll.ts";
export type { PollVote, Reaction, ReactionClearing } from "./message/reaction.ts";
export { GatewayOpcode } from "./opcodes.ts";
export {
  ALL_PERMISSIONS,
  channelPermissions,
  EVERYONE,
  guildPermissions,
  mayReadMessages,
  Permission,
  type PermissionContext,
  type PermissionHolder,
} from "./permissions.ts";
export { type Activity, ActivityType, decodePresence, type Presence } from "./presence.ts";
export { decodeReady, type Ready } from "./ready.ts";
export type { Role } from "./role.ts";
export type { ScheduledEvent, ScheduledEventUser } from "./scheduled-event.ts";
export { isSnowflake, type Snowflake, shardOfGuild, snowflakeAt, snowflakeTimeMs } from "./snowflake.ts";
export type { Person } from "./user.ts";
export { decodeVoiceState, type VoiceState } from "./voice-state.ts";
