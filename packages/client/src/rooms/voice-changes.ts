/**
 * What happened between two views of a guild. Computed from state, not from messages, so a reconnection, a squashed
 * delta and a live one tell the same story, and a change that was undone in between tells none.
 */
import type { PersonView, RoomView, VoiceRoomsView } from "./voice-rooms-view.ts";

export type VoiceChange =
  | { readonly type: "joined"; readonly person: PersonView; readonly room: RoomView }
  | { readonly type: "left"; readonly person: PersonView; readonly room: RoomView }
  | { readonly type: "moved"; readonly person: PersonView; readonly from: RoomView; readonly to: RoomView }
  /** Same room; name, avatar or flags differ. */
  | {
      readonly type: "updated";
      readonly person: PersonView;
      readonly before: PersonView;
      readonly room: RoomView;
    };

/**
 * Those who left first, then the others in the order of the rooms. Nothing before the first snapshot is a change,
 * nor is that a removed bot sees nobody any more.
 */
export function voiceChanges(before: VoiceRoomsView, after: VoiceRoomsView): readonly VoiceChange[] {
  if (before === after || before.guild === null || before.guild.id !== after.guild?.id) return [];
  if (isGone(before) || isGone(after)) return [];
  const changes: VoiceChange[] = [];
  for (const person of before.people.values()) {
    const room = before.rooms.get(person.roomId);
    if (room !== undefined && !after.people.has(person.id)) changes.push({ type: "left", person, room });
  }
  for (const person of after.people.values()) {
    const earlier = before.people.get(person.id);
    if (earlier === person) continue;
    const change = arrival(person, earlier, before, after);
    if (change !== undefined) changes.push(change);
  }
  return changes;
}

function isGone({ source }: VoiceRoomsView): boolean {
  return source?.status === "gone";
}

function arrival(
  person: PersonView,
  earlier: PersonView | undefined,
  before: VoiceRoomsView,
  after: VoiceRoomsView,
): VoiceChange | undefined {
  const room = after.rooms.get(person.roomId);
  if (room === undefined) return undefined;
  if (earlier === undefined) return { type: "joined", person, room };
  if (earlier.roomId === person.roomId) return { type: "updated", person, before: earlier, room };
  const from = before.rooms.get(earlier.roomId);
  return from === undefined ? undefined : { type: "moved", person, from, to: room };
}
