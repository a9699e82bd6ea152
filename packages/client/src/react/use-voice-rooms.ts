import { useSyncExternalStore } from "react";
import type { PersonView, RoomView } from "../rooms/voice-rooms-view.ts";
import {
  type VoiceRooms,
  type VoiceRoomsOptions,
  type VoiceRoomsStore,
  voiceRoomsStore,
} from "../rooms/voice-store.ts";
import { useGuildInView, useHubClient } from "./hub-provider.tsx";

/** Which rooms: the provider's guild and view where nothing is said. */
export interface GuildOptions {
  readonly guildId?: string | undefined;
  readonly view?: string | undefined;
}

/**
 * A guild's voice rooms, live: the guild named, or the provider's. The component renders again with every change; one
 * that shows a single room or person does better with `useRoom` or `useMember`.
 */
export function useVoiceRooms(guildId?: string, options: VoiceRoomsOptions = {}): VoiceRooms {
  const store = useVoiceStore({ guildId, view: options.view }, options.initial);
  return useSyncExternalStore(store.subscribe, store.getSnapshot, store.getInitialSnapshot);
}

/** One room, or `undefined` when there is none of that id. Renders again when this room or its people change. */
export function useRoom(roomId: string, options: GuildOptions = {}): RoomView | undefined {
  return useSelected(options, ({ rooms }) => rooms.rooms.get(roomId));
}

/** Someone in voice, by their Discord user id; `undefined` while they are not. Renders again when they change. */
export function useMember(userId: string, options: GuildOptions = {}): PersonView | undefined {
  return useSelected(options, ({ rooms }) => rooms.people.get(userId));
}

/** A part of the rooms. Parts keep their identity, so React sees by itself when nothing changed. */
function useSelected<Part>(options: GuildOptions, select: (rooms: VoiceRooms) => Part): Part {
  const store = useVoiceStore(options);
  return useSyncExternalStore(
    store.subscribe,
    () => select(store.getSnapshot()),
    () => select(store.getInitialSnapshot()),
  );
}

export function useVoiceStore(
  { guildId, view }: GuildOptions,
  initial?: VoiceRoomsOptions["initial"],
): VoiceRoomsStore {
  const client = useHubClient();
  const guild = useGuildInView(guildId, view);
  return voiceRoomsStore(client, guild.guildId, { view: guild.view, initial: initial ?? guild.initial });
}
