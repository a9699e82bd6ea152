import { createFileRoute } from "@tanstack/react-router";
import { takeDelivery } from "../../server/take-delivery.ts";

export const Route = createFileRoute("/api/discord-events")({
  server: { handlers: { POST: ({ request }) => takeDelivery(request) } },
});
