"use client";

export type { VoiceRooms, VoiceRoomsOptions } from "../rooms/voice-store.ts";
export { HubProvider, type HubProviderProps, useHubClient } from "./hub-provider.tsx";
export { useHubStatus } from "./use-hub-status.ts";
export { useVoiceChanges } from "./use-voice-changes.ts";
export { type GuildOptions, useMember, useRoom, useVoiceRooms } from "./use-voice-rooms.ts";
