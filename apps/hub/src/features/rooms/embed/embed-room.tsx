import type { RoomView } from "@guildwire/client";
import { memo } from "react";
import { nounOf } from "../../../shell/counted.ts";
import { RoomIcon } from "../list/room-icon.tsx";
import { PersonChip } from "./person-chip.tsx";

interface EmbedRoomProps {
  readonly room: RoomView;
  readonly showsCount: boolean;
}

export const EmbedRoom = memo(function EmbedRoom({ room, showsCount }: EmbedRoomProps) {
  return (
    <li className="embed-room" data-occupied={room.peopleCount > 0} data-room-id={room.id}>
      <h2 className="embed-room-name">
        <RoomIcon kind={room.kind} />
        <span className="truncate" title={room.name} translate="no">
          {room.name}
        </span>
        {showsCount && (
          <span className="embed-room-count">
            <span translate="no">
              {room.userLimit > 0 ? `${room.peopleCount}/${room.userLimit}` : room.peopleCount}
            </span>
            <span className="sr-only">{` ${nounOf(room.peopleCount, "person", "people")}`}</span>
          </span>
        )}
      </h2>
      {room.people.length > 0 && (
        <ul className="person-chips">
          {room.people.map((person) => (
            <PersonChip key={person.id} person={person} roomKind={room.kind} />
          ))}
        </ul>
      )}
    </li>
  );
});
