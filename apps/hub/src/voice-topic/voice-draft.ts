/** A voice topic's map with changes laid over it. What is underneath stays as it is; `ops` says what became different. */
import {
  type CategoryValue,
  type MetaValue,
  type Op,
  type PersonValue,
  type RoomValue,
  sameValue,
  type VoiceValue,
} from "@guildwire/live";
import { categoryKey, META_KEY, personKey, roomKey } from "./voice-values.ts";

export type VoiceMap = ReadonlyMap<string, VoiceValue>;

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
  /** `undefined` = removed. */
  const laid = new Map<string, VoiceValue | undefined>();
  const get = (key: string): VoiceValue | undefined => (laid.has(key) ? laid.get(key) : held.get(key));
  const set = (key: string, value: VoiceValue): void => void laid.set(key, value);
  const remove = (key: string): void => void laid.set(key, undefined);

  function keys(): readonly string[] {
    return [...new Set([...held.keys(), ...laid.keys()])].filter((key) => get(key) !== undefined);
  }

  return {
    // A key's prefix says which kind of value it has.
    meta: () => get(META_KEY) as MetaValue | undefined,
    room: (id) => get(roomKey(id)) as RoomValue | undefined,
    person: (userId) => get(personKey(userId)) as PersonValue | undefined,
    setMeta: (value) => set(META_KEY, value),
    setCategory: (id, value) => set(categoryKey(id), value),
    setRoom: (id, value) => set(roomKey(id), value),
    setPerson: (userId, value) => set(personKey(userId), value),
    removePerson: (userId) => remove(personKey(userId)),
    removeRoom(id) {
      remove(roomKey(id));
      for (const key of keys()) {
        if (key.startsWith(personKey("")) && (get(key) as PersonValue).room === id) remove(key);
      }
    },
    retain(keep) {
      for (const key of keys()) if (key !== META_KEY && !keep(key)) remove(key);
    },
    ops() {
      const ops: Op[] = [];
      for (const [key, value] of laid) {
        if (value === undefined) {
          if (held.has(key)) ops.push(["d", key]);
        } else if (!sameValue(held.get(key), value)) ops.push(["s", key, value]);
      }
      return ops;
    },
  };
}

/** The map after the ops. */
export function withOps(held: VoiceMap, ops: readonly Op[]): VoiceMap {
  if (ops.length === 0) return held;
  const map = new Map(held);
  for (const op of ops) {
    if (op[0] === "s") map.set(op[1], op[2] as VoiceValue);
    else if (op[0] === "d") map.delete(op[1]);
    else map.clear();
  }
  return map;
}
