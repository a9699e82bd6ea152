import type { CategoryView, RoomView, VoiceRoomsView } from "@guildwire/client";
import { ROOM_MARKS, type RoomMark } from "../controls/preferences.ts";

/** Fewer people and rooms than this are found faster by eye. */
export const SEARCH_FROM = 24;

/** The marks that a view's rooms can have: where nobody is shown, those that are about people would leave none. */
export function marksOf({ showsPeople }: Pick<VoiceRoomsView, "showsPeople">): readonly RoomMark[] {
  return showsPeople ? ROOM_MARKS : ["stage"];
}

/** Rooms that have every mark. No mark: the same list. */
export function markedRooms(
  categories: readonly CategoryView[],
  marks: readonly RoomMark[],
): readonly CategoryView[] {
  if (marks.length === 0) return categories;
  return withRooms(categories, (room) => (marks.every((mark) => MARKS[mark](room)) ? room : undefined));
}

const MARKS: Readonly<Record<RoomMark, (room: RoomView) => boolean>> = {
  occupied: (room) => room.peopleCount > 0,
  streaming: (room) => room.people.some(({ stream, video }) => stream || video),
  stage: (room) => room.kind === "stage",
};

/**
 * The rooms whose name holds the text, with everybody in them, and of the others the people whose name does. Case and
 * accents do not matter. No text: the same list.
 */
export function filterRooms(categories: readonly CategoryView[], text: string): readonly CategoryView[] {
  const wanted = folded(text.trim());
  if (wanted === "") return categories;
  return withRooms(categories, (room) => {
    if (folded(room.name).includes(wanted)) return room;
    const people = room.people.filter(({ name }) => folded(name).includes(wanted));
    return people.length > 0 ? { ...room, people } : undefined;
  });
}

function withRooms(
  categories: readonly CategoryView[],
  choose: (room: RoomView) => RoomView | undefined,
): readonly CategoryView[] {
  return categories.flatMap((category): CategoryView[] => {
    const rooms = category.rooms.flatMap((room) => choose(room) ?? []);
    return rooms.length > 0 ? [{ ...category, rooms }] : [];
  });
}

function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase("en");
}
