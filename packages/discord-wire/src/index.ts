export { type Channel, type ChannelInfo, decodeChannel, type VoiceChannelInfo } from "./channel.ts";
export { ChannelFlag, ChannelType } from "./channel-types.ts";
export { closeCodeName, GatewayCloseCode, WebSocketCloseCode } from "./close-codes.ts";
export type { Decoded } from "./decoded.ts";
export {
  DISPATCH_NAMES,
  type Dispatch,
  type DispatchName,
  decodeDispatch,
  isDispatchName,
} from "./dispatch.ts";
export { decodeFrame, decodeHello, decodeInvalidSession, type GatewayFrame } from "./frame.ts";
export { decodeGatewayBot, type GatewayBot } from "./gateway-bot.ts";
export type { GuildCreate, GuildProfile } from "./guild.ts";
export { ALL_INTENTS, GatewayIntent, PRIVILEGED_INTENTS } from "./intents.ts";
export type { MemberProfile } from "./member.ts";
export { GatewayOpcode } from "./opcodes.ts";
export { decodeReady, type Ready } from "./ready.ts";
export { isSnowflake, type Snowflake, shardOfGuild, snowflakeAt, snowflakeTimeMs } from "./snowflake.ts";
export { decodeVoiceState, type VoiceState } from "./voice-state.ts";
