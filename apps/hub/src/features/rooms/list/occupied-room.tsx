import type { RoomView } from "@guildwire/client";
import { useElapsed } from "../../../shell/page-clock.tsx";
import { RoomDayLine } from "../activity/past-day.tsx";
import { RoomIcon } from "./room-icon.tsx";
import { RoomLimit } from "./room-limit.tsx";
import { RoomPeople } from "./room-people.tsx";

interface RoomProps {
  readonly room: RoomView;
  readonly headingId: string;
}

export function OccupiedRoom({ room, headingId }: RoomProps) {
  return (
    <div className="room-body">
      <div className="room-rail">
        <h3 className="text-lg leading-snug" id={headingId}>
          <button aria-haspopup="dialog" className="room-name" data-opens="room" type="button">
            <span className="mt-1 shrink-0 text-copper">
              <RoomIcon kind={room.kind} />
            </span>
            <bdi className="line-clamp-2 min-w-0 font-semibold" translate="no">
              {room.name}
            </bdi>
          </button>
        </h3>
        {room.status !== null && room.status !== "" && (
          <p className="mt-1 line-clamp-2 text-sm text-soft" dir="auto">
            {room.status}
          </p>
        )}
        <p className="mt-1.5 flex flex-wrap items-center gap-x-2 gap-y-1 text-faint text-xs">
          <RoomLimit room={room} />
          {room.startedAt !== null && <ConversationTime startedAt={room.startedAt} />}
        </p>
        <RoomDayLine className="room-day" room={room} />
      </div>
      <RoomPeople room={room} />
    </div>
  );
}

function ConversationTime({ startedAt }: { readonly startedAt: number }) {
  const elapsed = useElapsed(startedAt);
  if (elapsed === "") return null;
  return (
    <span data-tip="since this conversation began">
      {elapsed === "now" ? "just begun" : `for ${elapsed}`}
    </span>
  );
}
