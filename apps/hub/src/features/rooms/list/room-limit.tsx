import type { RoomView } from "@guildwire/client";
import { counted } from "../../../shell/counted.ts";

/** `4 people`, or `3/10` where the room has a limit, marked when nobody else fits in. */
export function RoomLimit({ room }: { readonly room: RoomView }) {
  const count = room.peopleCount;
  if (room.userLimit === 0) return <span>{counted(count, "person", "people")}</span>;
  return (
    <>
      <span data-tip={`${count} of at most ${room.userLimit}`}>
        <span translate="no">{`${count}/${room.userLimit}`}</span>
        <span className="sr-only"> people</span>
      </span>
      {room.isFull && (
        <span className="rounded bg-copper-wash px-1.5 font-semibold text-copper leading-5">full</span>
      )}
    </>
  );
}
