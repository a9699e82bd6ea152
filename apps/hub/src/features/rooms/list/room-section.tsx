import type { RoomView } from "@guildwire/client";
import { memo } from "react";
import { EmptyRoom } from "./empty-room.tsx";
import { OccupiedRoom } from "./occupied-room.tsx";

interface RoomSectionProps {
  readonly room: RoomView;
  readonly showsPeople: boolean;
}

/** A room with its people as a card of its own; a room nobody is seen in as a short tile. */
export const RoomSection = memo(function RoomSection({ room, showsPeople }: RoomSectionProps) {
  const isOccupied = room.peopleCount > 0;
  const headingId = `room-${room.id}`;
  return (
    <section
      aria-labelledby={headingId}
      className="room"
      data-occupied={isOccupied}
      data-room-id={room.id}
      data-size={isOccupied ? roomSize(room.people.length) : undefined}
    >
      {isOccupied ? (
        <OccupiedRoom headingId={headingId} room={room} />
      ) : (
        <EmptyRoom headingId={headingId} room={room} showsPeople={showsPeople} />
      )}
    </section>
  );
});

/** How tall a room not yet scrolled to is about to be, so that the scrollbar hardly jumps (see styles.css). */
function roomSize(people: number): string {
  if (people <= 3) return "s";
  if (people <= 9) return "m";
  if (people <= 24) return "l";
  return people <= 60 ? "xl" : "xxl";
}
