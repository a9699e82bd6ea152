import { createFileRoute } from "@tanstack/react-router";
import { liveRooms } from "../../server/live-rooms.ts";

export const Route = createFileRoute("/api/live")({
  server: { handlers: { GET: ({ request }) => liveRooms(request) } },
});
