import type { RoomView } from "@guildwire/client";
import { RoomIcon } from "./room-icon.tsx";

export function EmptyRoom({ room, headingId }: { readonly room: RoomView; readonly headingId: string }) {
  return (
    <h3 className="h-full" id={headingId}>
      <button aria-haspopup="dialog" className="empty-room" data-opens="room" type="button">
        <span className="shrink-0 text-faint">
          <RoomIcon kind={room.kind} />
        </span>
        <bdi className="min-w-0 flex-1 truncate text-sm">{room.name}</bdi>
        <span className="shrink-0 text-faint text-xs">
          {room.userLimit > 0 ? `0/${room.userLimit}` : "empty"}
        </span>
      </button>
    </h3>
  );
}
