/** A voice topic's map with changes laid over it. What is underneath stays as it is; `ops` says what became different. */

import type { CategoryValue, MetaValue, PersonValue, RoomValue } from "@guildwire/client/rooms";
import { type Op, sameValue } from "@guildwire/live";
import { layerOver } from "../../../topics/entry-map.ts";
import type { VoiceMap } from "./voice-map.ts";
import { categoryKey, META_KEY, personKey, roomKey } from "./voice-values.ts";

export interface VoiceDraft {
  meta(): MetaValue | undefined;
  room(id: string): RoomValue | undefined;
  person(userId: string): PersonValue | undefined;
  setMeta(value: MetaValue): void;
  setCategory(id: string, value: CategoryValue): void;
  setRoom(id: string, value: RoomValue): void;
  setPerson(userId: string, value: PersonValue): void;
  removePerson(userId: string): void;
  /** Removes a room and everybody in it. */
  removeRoom(id: string): void;
  /** Removes every category, room and person for whose key `keep` says no. */
  retain(keep: (key: string) => boolean): void;
  ops(): readonly Op[];
}

export function draftOf(held: VoiceMap): VoiceDraft {
  const layer = layerOver(held);
  const { get, set } = layer;

  return {
    // A key's prefix says which kind of value it has.
    meta: () => get(META_KEY) as MetaValue | undefined,
    room: (id) => get(roomKey(id)) as RoomValue | undefined,
    person: (userId) => get(personKey(userId)) as PersonValue | undefined,
    setMeta: (value) => set(META_KEY, value),
    setCategory: (id, value) => set(categoryKey(id), value),
    setRoom: (id, value) => set(roomKey(id), value),
    setPerson: (userId, value) => set(personKey(userId), value),
    removePerson: (userId) => layer.delete(personKey(userId)),
    removeRoom(id) {
      layer.delete(roomKey(id));
      for (const [key, value] of [...layer]) {
        if (key.startsWith(personKey("")) && (value as PersonValue).room === id) layer.delete(key);
      }
    },
    retain(keep) {
      for (const key of [...layer.keys()]) if (key !== META_KEY && !keep(key)) layer.delete(key);
    },
    ops() {
      const ops: Op[] = [];
      for (const [key, value] of layer.changes()) {
        if (value === undefined) {
          if (held.has(key)) ops.push(["d", key]);
        } else if (!sameValue(held.get(key), value)) ops.push(["s", key, value]);
      }
      return ops;
    },
  };
}
