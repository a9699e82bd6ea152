import { type Handoff, type VoiceChange, type VoiceRoomsView, voiceChanges } from "@guildwire/client";
import { useHubClient } from "@guildwire/client/react";
import { voiceTopic } from "@guildwire/client/rooms";
import type { Position } from "@guildwire/live";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { ACTIVITY_MAX, type Deed, type SeenDeed } from "./merge-activity.ts";

/**
 * Who came, went or changed rooms since the page was opened, newest first. From state, so what a reconnection brings
 * counts as what it is.
 */
export function useSeenActivity(rooms: VoiceRoomsView, position: Position | null): readonly SeenDeed[] {
  const client = useHubClient();
  const [seen, setSeen] = useState<readonly SeenDeed[]>([]);
  const before = useRef({ rooms, position });
  useEffect(() => {
    const changes = voiceChanges(before.current.rooms, rooms);
    const begin = before.current.position;
    before.current = { rooms, position };
    if (changes.length === 0 || position === null) return;
    const heardAtMs = client.now();
    const { epoch, offset: end } = position;
    const where = { epoch, begin: begin?.epoch === epoch ? begin.offset : 0, end, heardAtMs };
    const news = changes
      .slice(-ACTIVITY_MAX)
      .flatMap((change) => deedOf(change, heardAtMs) ?? [])
      .map((deed) => ({ ...deed, ...where }))
      .reverse();
    if (news.length > 0) setSeen((earlier) => [...news, ...earlier].slice(0, ACTIVITY_MAX));
  }, [rooms, position, client]);
  return seen;
}

/** A departure leaves no time behind: it was at the latest when it was heard of. */
function deedOf(change: VoiceChange, heardAtMs: number): Deed | undefined {
  const { person } = change;
  const arrivedAtMs = person.approx ? heardAtMs : Math.min(person.roomSince, heardAtMs);
  switch (change.type) {
    case "joined":
      return { type: "joined", atMs: arrivedAtMs, person, room: change.room };
    case "left":
      return { type: "left", atMs: heardAtMs, person, room: change.room };
    case "moved":
      return { type: "moved", atMs: arrivedAtMs, person, room: change.from, to: change.to };
    case "updated":
      return undefined;
    default:
      return change satisfies never;
  }
}

/** Where the page's copy of a guild's rooms is in their topic. */
export function useTopicPosition(
  guildId: string,
  view: string,
  initial: Handoff | undefined,
): Position | null {
  const store = useHubClient().topic(voiceTopic(guildId, view), initial);
  return useSyncExternalStore(
    store.subscribe,
    () => store.getSnapshot().position,
    () => store.getInitialSnapshot().position,
  );
}
