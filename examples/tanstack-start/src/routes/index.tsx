import { createFileRoute } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import type { Freshness, VoiceRooms } from "../voice-room.ts";
import { getVoiceRooms } from "../voice-rooms.ts";

export const Route = createFileRoute("/")({ loader: () => getVoiceRooms(), component: Rooms });

const WORDS: Readonly<Record<Freshness, string>> = {
  live: "live",
  waiting: "waiting for the worker",
  stale: "the worker is silent; this may be old",
  resync: "catching up; this may be old",
  outage: "Discord has an outage; this may be old",
  gone: "the bot is not in the server any more",
};

function Rooms() {
  const { voice, isConnected } = useLiveRooms(Route.useLoaderData());
  const { freshness, rooms } = voice;
  return (
    <main data-live={isConnected && freshness === "live"}>
      <h1>Voice rooms</h1>
      <p role="status">{isConnected ? WORDS[freshness] : "connecting; this may be old"}</p>
      {freshness === "waiting" && <p>No delivery has come yet: point a worker’s HUB_ENDPOINT at this app.</p>}
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
function useLiveRooms(initial: VoiceRooms): { readonly voice: VoiceRooms; readonly isConnected: boolean } {
  const [voice, setVoice] = useState(initial);
  const [isConnected, setConnected] = useState(false);
  useEffect(() => {
    const source = new EventSource("/api/live");
    source.onmessage = ({ data }) => {
      setVoice(JSON.parse(String(data)) as VoiceRooms);
      setConnected(true);
    };
    source.onerror = () => setConnected(false);
    return () => source.close();
  }, []);
  return { voice, isConnected };
}
