export { HubCloseCode } from "./close-code.ts";
export {
  type ClientMessage,
  type ErrorCode,
  PROTOCOL_VERSION,
  type ResyncReason,
  type ServerMessage,
  SUBPROTOCOL,
  type SubscribeRequest,
} from "./message.ts";
export type { Entry, Op } from "./op.ts";
export type { Position } from "./position.ts";
export {
  type CategoryValue,
  type MetaValue,
  PersonFlag,
  type PersonValue,
  type RoomValue,
  type SourceStatus,
  voiceTopic,
} from "./voice-rooms.ts";
