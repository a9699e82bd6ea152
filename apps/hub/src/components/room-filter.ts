import type { CategoryView, RoomView } from "@guildwire/client";

/** Fewer people and rooms than this are found faster by eye. */
export const SEARCH_FROM = 24;

/**
 * The rooms whose name holds the text, with everybody in them, and of the others the people whose name does. Case and
 * accents do not matter. No text: the same list.
 */
export function filterRooms(categories: readonly CategoryView[], text: string): readonly CategoryView[] {
  const wanted = folded(text.trim());
  if (wanted === "") return categories;
  return categories.flatMap((category): CategoryView[] => {
    const rooms = category.rooms.flatMap((room): RoomView[] => {
      if (folded(room.name).includes(wanted)) return [room];
      const people = room.people.filter(({ name }) => folded(name).includes(wanted));
      return people.length > 0 ? [{ ...room, people }] : [];
    });
    return rooms.length > 0 ? [{ ...category, rooms }] : [];
  });
}

function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase("en");
}
