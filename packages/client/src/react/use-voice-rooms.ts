import { voiceTopic } from "@guildwire/live";
import { useMemo, useState, useSyncExternalStore } from "react";
import type { Handoff } from "../connection-state.ts";
import type { TopicSnapshot } from "../topic-store.ts";
import { type VoiceRoomsView, voiceRoomsMemo } from "../voice-rooms-view.ts";
import { useHubClient } from "./hub-provider.tsx";

export interface VoiceRoomsOptions {
  /** The projection of the guild to show; `public` unless the hub has others. */
  readonly view?: string;
  /** What the server rendered from: shown at once, and followed from its position, without a second fetch. */
  readonly initial?: Handoff | undefined;
}

export interface VoiceRooms extends Pick<TopicSnapshot, "sync" | "latencyMs"> {
  readonly rooms: VoiceRoomsView;
}

/** A guild's voice rooms, live. Parts of `rooms` that did not change are the same objects as before. */
export function useVoiceRooms(guildId: string, { view, initial }: VoiceRoomsOptions = {}): VoiceRooms {
  const client = useHubClient();
  const store = client.topic(voiceTopic(guildId, view), initial);
  const snapshot = useSyncExternalStore(store.subscribe, store.getSnapshot, store.getInitialSnapshot);
  const [derive] = useState(voiceRoomsMemo);
  const { entries, sync, latencyMs } = snapshot;
  return useMemo(() => ({ rooms: derive(entries), sync, latencyMs }), [derive, entries, sync, latencyMs]);
}
