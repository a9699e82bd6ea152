/**
 * A guild's voice rooms as a store: what a page shows, replaced once per frame that changed something. All who ask one
 * client for the same rooms share a store, so the rooms are derived once, however many components show them.
 */

import type { Handoff } from "../connection-state.ts";
import type { HubClient } from "../hub-client.ts";
import type { Store } from "../store.ts";
import type { TopicSnapshot, TopicStore } from "../topic-store.ts";
import { type VoiceRoomsView, voiceRoomsMemo } from "./voice-rooms-view.ts";
import { voiceTopic } from "./voice-topic.ts";

export interface VoiceRoomsOptions {
  /** The projection of the guild to show; `public` unless the hub has others. */
  readonly view?: string | undefined;
  /** What the server rendered from: shown at once, and followed from its position, without a second fetch. */
  readonly initial?: Handoff | undefined;
}

export interface VoiceRooms extends Pick<TopicSnapshot, "sync" | "latencyMs" | "changedAtMs" | "seen"> {
  /** Parts that did not change are the same objects as before. */
  readonly rooms: VoiceRoomsView;
}

export interface VoiceRoomsStore extends Store<VoiceRooms> {
  /** What was handed over with the page: the same on the server and at hydration. */
  getInitialSnapshot(): VoiceRooms;
}

const stores = new WeakMap<HubClient, Map<string, VoiceRoomsStore>>();

/** Listening to it follows the rooms; the last to leave ends that after a moment. */
export function voiceRoomsStore(
  client: HubClient,
  guildId: string,
  { view, initial }: VoiceRoomsOptions = {},
): VoiceRoomsStore {
  const name = voiceTopic(guildId, view);
  // Also when the store is there already: a newer copy may have come with the page.
  const topic = client.topic(name, initial);
  const ofClient = stores.get(client) ?? new Map<string, VoiceRoomsStore>();
  stores.set(client, ofClient);
  const store = ofClient.get(name) ?? derivedStore(topic);
  ofClient.set(name, store);
  return store;
}

function derivedStore(topic: TopicStore): VoiceRoomsStore {
  const current = derivation();
  const initial = derivation();
  return {
    subscribe: topic.subscribe,
    getSnapshot: () => current(topic.getSnapshot()),
    getInitialSnapshot: () => initial(topic.getInitialSnapshot()),
  };
}

/** The same answer until the topic changes. */
function derivation(): (snapshot: TopicSnapshot) => VoiceRooms {
  const roomsOf = voiceRoomsMemo();
  let last: { readonly from: TopicSnapshot; readonly rooms: VoiceRooms } | undefined;
  return (from) => {
    if (last?.from === from) return last.rooms;
    const { entries, ...rest } = from;
    last = { from, rooms: { rooms: roomsOf(entries), ...rest } };
    return last.rooms;
  };
}
