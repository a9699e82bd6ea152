import { useHubStatus, useVoiceRooms } from "@guildwire/client/react";

/** What may be old is never called live: the connection, this copy and the hub's own knowledge must all be fresh. */
export function Freshness() {
  const status = useHubStatus();
  const { rooms, sync } = useVoiceRooms();
  const isLive = status.name === "live" && sync.name === "following" && rooms.source?.status === "live";
  return (
    <p className={isLive ? "live" : "waiting"} role="status">
      {isLive ? `Live: ${rooms.people.size} people` : "Not up to date just now"}
    </p>
  );
}
