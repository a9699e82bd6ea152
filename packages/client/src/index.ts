export type { Clock } from "./clock.ts";
export type { Handoff, Seen } from "./connection-state.ts";
export {
  createHubClient,
  type HubClient,
  type HubClientOptions,
  type SocketConstructor,
  type SocketLike,
} from "./hub-client.ts";
export type { HubStatus } from "./hub-status.ts";
export { onVoiceChanges, type VoiceHandlers } from "./on-voice-changes.ts";
export type { PageSignal, PageSignals } from "./page-signals.ts";
export { sharedHubClient } from "./shared-client.ts";
export type { Store } from "./store.ts";
export type { TopicSnapshot, TopicStore, TopicSync } from "./topic-store.ts";
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
