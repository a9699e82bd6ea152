/** `@guildwire/client/rooms`: a guild's voice rooms, and what their topic holds. */
export { onVoiceChanges, type VoiceHandlers } from "./on-voice-changes.ts";
export { type VoiceChange, voiceChanges } from "./voice-changes.ts";
export {
  type CategoryView,
  type PersonView,
  type RoomView,
  type VoiceRoomsView,
  voiceRooms,
  voiceRoomsMemo,
} from "./voice-rooms-view.ts";
export {
  type VoiceRooms,
  type VoiceRoomsOptions,
  type VoiceRoomsStore,
  voiceRoomsStore,
} from "./voice-store.ts";
export {
  type CategoryValue,
  type MetaValue,
  PersonFlag,
  type PersonValue,
  type RoomValue,
  type SourceStatus,
  type VoiceEntry,
  type VoiceValue,
  voiceTopic,
} from "./voice-topic.ts";
