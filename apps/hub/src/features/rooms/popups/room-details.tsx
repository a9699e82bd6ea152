import { Popover } from "@base-ui/react/popover";
import type { RoomView, VoiceRoomsView } from "@guildwire/client";
import { useElapsed } from "../../../shell/page-clock.tsx";
import { RoomDayLine } from "../activity/past-day.tsx";
import { RoomIcon } from "../list/room-icon.tsx";
import { CopyButton } from "./copy-button.tsx";
import { DiscordLink } from "./discord-link.tsx";
import { roomLinks } from "./room-links.ts";

interface RoomDetailsProps {
  readonly room: RoomView;
  readonly rooms: VoiceRoomsView;
  readonly guildId: string;
  readonly view: string;
  readonly isOpenView: boolean;
}

export function RoomDetails({ room, rooms, guildId, view, isOpenView }: RoomDetailsProps) {
  return (
    <div className="space-y-3">
      <div className="pr-7">
        <Popover.Title className="flex items-start gap-2 font-semibold text-lg leading-snug">
          <span className="mt-1 shrink-0 text-copper">
            <RoomIcon kind={room.kind} />
          </span>
          <bdi className="line-clamp-3 min-w-0" translate="no">
            {room.name}
          </bdi>
        </Popover.Title>
        {room.status !== null && room.status !== "" && (
          <p className="mt-1 max-h-32 overflow-y-auto text-sm text-soft" dir="auto">
            {room.status}
          </p>
        )}
      </div>
      <p className="text-sm">
        {rooms.showsPeople ? <Occupancy room={room} /> : <Places room={room} />}
        {room.startedAt !== null && room.peopleCount > 0 && <Conversation startedAt={room.startedAt} />}
      </p>
      <RoomDayLine className="h-10" room={room} />
      <DiscordLink guildId={guildId} roomId={room.id} />
      {isOpenView && (
        <div>
          <h3 className="mb-1 font-medium text-faint text-xs">Copy a link for your own page</h3>
          {roomLinks({ origin: window.location.origin, guildId, roomId: room.id, view }).map((link) => (
            <CopyButton hint={link.hint} key={link.label} label={link.label} text={link.text} />
          ))}
        </div>
      )}
    </div>
  );
}

/** In words: "3 people, room for 7 more". */
function Occupancy({ room }: { readonly room: RoomView }) {
  const { peopleCount: count, userLimit: limit } = room;
  const people = count === 0 ? "Nobody" : count === 1 ? "1 person" : `${count} people`;
  const speakers = room.people.filter(({ suppress }) => !suppress).length;
  const where = room.kind === "stage" ? "at this stage" : "in this room";
  const speaking = room.kind === "stage" && count > 0 ? `, ${speakers} speaking` : "";
  const places = room.isFull ? `; it is full (${limit})` : `, places for ${limit - count} more`;
  return <span>{`${people} ${where}${speaking}${limit > 0 ? places : ""}`}</span>;
}

/** Where nobody is shown. */
function Places({ room: { userLimit: limit } }: { readonly room: RoomView }) {
  return <span>{`Who is here is not shown${limit > 0 ? `; it takes up to ${limit}` : ""}`}</span>;
}

function Conversation({ startedAt }: { readonly startedAt: number }) {
  const elapsed = useElapsed(startedAt);
  return (
    <span className="text-faint">{elapsed === "now" ? ", just begun" : `, going on for ${elapsed}`}</span>
  );
}
