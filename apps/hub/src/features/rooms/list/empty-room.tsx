import type { RoomView } from "@guildwire/client";
import { RoomIcon } from "./room-icon.tsx";

interface EmptyRoomProps {
  readonly room: RoomView;
  readonly headingId: string;
  /** False: whether it is empty is not known. */
  readonly showsPeople: boolean;
}

export function EmptyRoom({ room, headingId, showsPeople }: EmptyRoomProps) {
  return (
    <h3 className="h-full" id={headingId}>
      <button aria-haspopup="dialog" className="empty-room" data-opens="room" type="button">
        <span className="shrink-0 text-faint">
          <RoomIcon kind={room.kind} />
        </span>
        <bdi className="min-w-0 flex-1 truncate text-sm" translate="no">
          {room.name}
        </bdi>
        <span className="shrink-0 text-faint text-xs">{placesText(room, showsPeople)}</span>
      </button>
    </h3>
  );
}

function placesText({ userLimit }: RoomView, showsPeople: boolean): string {
  if (showsPeople) return userLimit > 0 ? `0/${userLimit}` : "empty";
  return userLimit > 0 ? `up to ${userLimit}` : "";
}
