import { createFileRoute } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import type { VoiceRoom } from "../voice-room.ts";
import { getVoiceRooms } from "../voice-rooms.ts";

export const Route = createFileRoute("/")({ loader: () => getVoiceRooms(), component: Rooms });

function Rooms() {
  const { rooms, isLive } = useLiveRooms(Route.useLoaderData());
  return (
    <main data-live={isLive}>
      <h1>Voice rooms</h1>
      <p role="status">{isLive ? "live" : "connecting; this may be old"}</p>
      {rooms.length === 0 && <p>No delivery has come yet: point a worker’s HUB_ENDPOINT at this app.</p>}
      {rooms.map((room) => (
        <section data-room-id={room.id} key={room.id}>
          <h2>{room.name}</h2>
          <p>{room.people.join(", ") || "nobody"}</p>
        </section>
      ))}
    </main>
  );
}

/** The rooms the page was rendered from, then what the server sends. An EventSource comes back by itself. */
function useLiveRooms(initial: readonly VoiceRoom[]): {
  readonly rooms: readonly VoiceRoom[];
  readonly isLive: boolean;
} {
  const [rooms, setRooms] = useState(initial);
  const [isLive, setLive] = useState(false);
  useEffect(() => {
    const source = new EventSource("/api/live");
    source.onmessage = ({ data }) => {
      setRooms(JSON.parse(String(data)) as readonly VoiceRoom[]);
      setLive(true);
    };
    source.onerror = () => setLive(false);
    return () => source.close();
  }, []);
  return { rooms, isLive };
}
