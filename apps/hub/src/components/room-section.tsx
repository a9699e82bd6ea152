import type { RoomView } from "@guildwire/client";
import { memo } from "react";
import { useElapsed } from "./page-clock.tsx";
import { PersonItem } from "./person-item.tsx";
import { RoomIcon } from "./room-icon.tsx";
import { RoomLimit } from "./room-limit.tsx";

/** A room with its people as a line of its own; a room nobody is in as a short tile. */
export const RoomSection = memo(function RoomSection({ room }: { readonly room: RoomView }) {
  const isOccupied = room.peopleCount > 0;
  const headingId = `room-${room.id}`;
  return (
    <section
      aria-labelledby={headingId}
      className="room"
      data-occupied={isOccupied}
      data-room-id={room.id}
      style={isOccupied ? { containIntrinsicBlockSize: `auto ${estimatedHeightPx(room)}px` } : undefined}
    >
      {isOccupied ? (
        <OccupiedRoom headingId={headingId} room={room} />
      ) : (
        <EmptyRoom headingId={headingId} room={room} />
      )}
    </section>
  );
});

/** Of a room not yet scrolled to, so that the scrollbar hardly jumps: three people a row, as on most screens. */
function estimatedHeightPx(room: RoomView): number {
  return 30 + Math.max(44, Math.ceil(room.people.length / 3) * 49);
}

interface RoomProps {
  readonly room: RoomView;
  readonly headingId: string;
}

function OccupiedRoom({ room, headingId }: RoomProps) {
  return (
    <div className="room-body">
      <div className="room-rail">
        <h3 className="flex items-start gap-2 font-semibold text-lg leading-snug" id={headingId}>
          <span className="mt-0.5 text-copper">
            <RoomIcon kind={room.kind} />
          </span>
          <span className="line-clamp-2 min-w-0">{room.name}</span>
        </h3>
        {room.status !== null && room.status !== "" && (
          <p className="mt-1 line-clamp-2 text-sm text-soft" title={room.status}>
            {room.status}
          </p>
        )}
        <p className="mt-1.5 flex flex-wrap items-center gap-x-2 gap-y-1 text-faint text-xs">
          <RoomLimit room={room} />
          {room.startedAt !== null && <ConversationTime startedAt={room.startedAt} />}
        </p>
      </div>
      <ul className="people">
        {room.people.map((person) => (
          <PersonItem key={person.id} person={person} />
        ))}
      </ul>
    </div>
  );
}

function ConversationTime({ startedAt }: { readonly startedAt: number }) {
  const elapsed = useElapsed(startedAt);
  if (elapsed === "") return null;
  return (
    <span title="since this conversation began">{elapsed === "now" ? "just begun" : `for ${elapsed}`}</span>
  );
}

function EmptyRoom({ room, headingId }: RoomProps) {
  return (
    <div className="flex h-full items-center gap-2 px-3 py-2">
      <span className="text-faint">
        <RoomIcon kind={room.kind} />
      </span>
      <h3 className="min-w-0 flex-1 truncate text-sm" id={headingId} title={room.name}>
        {room.name}
      </h3>
      <span className="shrink-0 text-faint text-xs">
        {room.userLimit > 0 ? `0/${room.userLimit}` : "empty"}
      </span>
    </div>
  );
}
