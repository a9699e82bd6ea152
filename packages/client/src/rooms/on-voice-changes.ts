/** Calls for people who come, go, change rooms or change: for sounds, toasts and notifications. */
import type { Store } from "../store.ts";
import { type VoiceChange, voiceChanges } from "./voice-changes.ts";
import type { VoiceRooms } from "./voice-store.ts";

type Change<T extends VoiceChange["type"]> = Extract<VoiceChange, { readonly type: T }>;

export interface VoiceHandlers {
  readonly onJoin?: ((change: Change<"joined">) => void) | undefined;
  readonly onLeave?: ((change: Change<"left">) => void) | undefined;
  readonly onMove?: ((change: Change<"moved">) => void) | undefined;
  /** Muted, streaming, another name or picture. */
  readonly onUpdate?: ((change: Change<"updated">) => void) | undefined;
}

/**
 * Follows the rooms and calls for what becomes different from now on. Whoever is there when the rooms are first known is
 * no change, and after a reconnection only what really differs is. Returns what ends it.
 */
export function onVoiceChanges(store: Store<VoiceRooms>, handlers: VoiceHandlers): () => void {
  let before = store.getSnapshot().rooms;
  return store.subscribe(() => {
    const after = store.getSnapshot().rooms;
    const changes = voiceChanges(before, after);
    before = after;
    for (const change of changes) call(handlers, change);
  });
}

function call({ onJoin, onLeave, onMove, onUpdate }: VoiceHandlers, change: VoiceChange): void {
  switch (change.type) {
    case "joined":
      onJoin?.(change);
      return;
    case "left":
      onLeave?.(change);
      return;
    case "moved":
      onMove?.(change);
      return;
    case "updated":
      onUpdate?.(change);
      return;
    default:
      change satisfies never;
  }
}
