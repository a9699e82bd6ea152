import { useEffect, useRef } from "react";
import { onVoiceChanges, type VoiceHandlers } from "../rooms/on-voice-changes.ts";
import { type GuildOptions, useVoiceStore } from "./use-voice-rooms.ts";

/** Calls the latest handlers for people who come, go, change rooms or change, from the time it is mounted. */
export function useVoiceChanges(handlers: VoiceHandlers, options: GuildOptions = {}): void {
  const store = useVoiceStore(options);
  const latest = useRef(handlers);
  useEffect(() => {
    latest.current = handlers;
  });
  useEffect(
    () =>
      onVoiceChanges(store, {
        onJoin: (change) => latest.current.onJoin?.(change),
        onLeave: (change) => latest.current.onLeave?.(change),
        onMove: (change) => latest.current.onMove?.(change),
        onUpdate: (change) => latest.current.onUpdate?.(change),
      }),
    [store],
  );
}
