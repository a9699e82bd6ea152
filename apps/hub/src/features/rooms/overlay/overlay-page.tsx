import type { Handoff } from "@guildwire/client";
import { useHubStatus, useVoiceRooms } from "@guildwire/client/react";
import { useState } from "react";
import { PersonChip } from "../embed/person-chip.tsx";
import { useFreshnessFacts } from "../freshness/age.tsx";
import { freshness } from "../freshness/freshness.ts";
import { unknownWords } from "../freshness/unknown.ts";
import type { OverlayOptions } from "./overlay-options.ts";

interface OverlayPageProps {
  readonly guildId: string;
  readonly roomId: string;
  readonly view: string;
  readonly initial: Handoff | undefined;
  readonly options: OverlayOptions;
}

/** Who is in one room, large, over a video. Nothing when nobody is; fading away when it may no longer be true. */
export function OverlayPage({ guildId, roomId, view, initial, options }: OverlayPageProps) {
  const { rooms, sync, latencyMs, seen } = useVoiceRooms(guildId, { view, initial });
  const status = useHubStatus();
  const fresh = freshness(useFreshnessFacts({ status, sync, source: rooms.source, latencyMs, seen }));
  const room = rooms.rooms.get(roomId);
  // For whoever sets it up. A room that is deleted while a stream runs leaves quietly.
  const [wasUnknown] = useState(unknownWords(rooms) === null && room === undefined);
  const problems = [
    ...options.problems,
    ...(wasUnknown && room === undefined ? [NO_ROOM] : []),
    ...(rooms.showsPeople ? [] : [`the view ${view} shows nobody`]),
  ];
  return (
    <main
      className="overlay"
      data-align={options.align}
      data-flow={options.flow}
      data-names={options.names}
      data-fresh={fresh.tone === "live"}
      data-room-id={roomId}
      data-size={options.size}
      data-source-status={rooms.source?.status ?? "unknown"}
    >
      {problems.map((problem) => (
        <p className="overlay-problem" key={problem}>
          {problem}
        </p>
      ))}
      <ul className="overlay-people">
        {room?.people.map((person) => (
          <PersonChip
            avatar={options.avatars}
            badges={options.badges}
            key={person.id}
            name={options.names}
            person={person}
            roomKind={room.kind}
          />
        ))}
      </ul>
    </main>
  );
}

const NO_ROOM = "this room is not in this view of the server: look at the ids in the address";
