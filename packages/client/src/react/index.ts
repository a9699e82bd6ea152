export { HubProvider, useHubClient } from "./hub-provider.tsx";
export { useHubStatus } from "./use-hub-status.ts";
export { useVoiceRooms, type VoiceRooms, type VoiceRoomsOptions } from "./use-voice-rooms.ts";
