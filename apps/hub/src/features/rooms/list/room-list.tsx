import type { CategoryView, VoiceRoomsView } from "@guildwire/client";
import { useDeferredValue, useMemo } from "react";
import { usePreferences } from "../controls/preferences-provider.tsx";
import { CategorySection } from "./category-section.tsx";
import { filterRooms, markedRooms, marksOf } from "./room-filter.ts";
import { RoomStage } from "./room-stage.tsx";

interface RoomListProps {
  readonly rooms: VoiceRoomsView;
  readonly text: string;
}

/** The rooms that are asked for, under their categories. */
export function RoomList({ rooms, text }: RoomListProps) {
  const preferred = usePreferences().preferences.marks;
  const { showsPeople } = rooms;
  const marks = useMemo(
    () => preferred.filter((mark) => marksOf({ showsPeople }).includes(mark)),
    [preferred, showsPeople],
  );
  const wanted = useDeferredValue(text.trim());
  const categories = useMemo(
    () => filterRooms(markedRooms(rooms.categories, marks), wanted),
    [rooms.categories, marks, wanted],
  );
  const reason = reasonForNone(rooms, wanted !== "", marks.length > 0);
  return (
    <>
      <RoomStage rooms={rooms}>
        {categories.map((category) => (
          <CategorySection category={category} key={category.id ?? ""} showsPeople={showsPeople} />
        ))}
      </RoomStage>
      {rooms.guild === null && <RoomSkeleton />}
      {categories.length === 0 && (
        <p className="rounded-xl border border-line border-dashed p-6 text-center text-soft">
          <span key={reason}>{reason}</span>
        </p>
      )}
      <p className="sr-only" role="status">
        {wanted === "" ? "" : foundWords(categories)}
      </p>
    </>
  );
}

/** Where rooms will be. */
function RoomSkeleton() {
  return (
    <div aria-hidden="true" className="rooms mb-4">
      {["a", "b", "c"].map((key) => (
        <div className="skeleton" key={key} />
      ))}
    </div>
  );
}

function reasonForNone(
  { guild, rooms, source }: VoiceRoomsView,
  isSearch: boolean,
  isMarked: boolean,
): string {
  if (source?.status === "gone") return "Invite the bot again, and the rooms come back by themselves.";
  if (guild === null) return "Waiting for the worker’s next snapshot of this server.";
  if (rooms.size === 0) return "This server has no voice rooms that can be shown.";
  if (isSearch)
    return `No room and nobody in voice goes by that name${isMarked ? " among the chosen rooms" : ""}.`;
  return "No room is like that just now. It will appear here as soon as one is.";
}

function foundWords(categories: readonly CategoryView[]): string {
  const rooms = categories.flatMap((category) => category.rooms);
  const people = rooms.reduce((sum, room) => sum + room.people.length, 0);
  return `Found: ${people === 1 ? "1 person" : `${people} people`} in ${rooms.length === 1 ? "1 room" : `${rooms.length} rooms`}.`;
}
