import { type VoiceChange, type VoiceRoomsView, voiceChanges } from "@guildwire/client";
import { useEffect, useRef, useState } from "react";

export const ACTIVITY_MAX = 30;

/** Someone who came, went or changed rooms, and when this page learned of it (Unix ms). */
export interface Activity {
  readonly id: number;
  readonly atMs: number;
  readonly change: Exclude<VoiceChange, { readonly type: "updated" }>;
}

/** Newest first, since the page was opened. From state, so what a reconnection brings counts as what it is. */
export function useActivity(rooms: VoiceRoomsView): readonly Activity[] {
  const [activity, setActivity] = useState<readonly Activity[]>([]);
  const before = useRef(rooms);
  const count = useRef(0);
  useEffect(() => {
    const changes = voiceChanges(before.current, rooms);
    before.current = rooms;
    const atMs = Date.now();
    const news: Activity[] = [];
    for (const change of changes.slice(-ACTIVITY_MAX)) {
      if (change.type !== "updated") news.unshift({ id: ++count.current, atMs, change });
    }
    if (news.length > 0) setActivity((earlier) => [...news, ...earlier].slice(0, ACTIVITY_MAX));
  }, [rooms]);
  return activity;
}
