import { createFileRoute } from "@tanstack/react-router";
import { memberTicket } from "../../server/member-ticket.ts";

export const Route = createFileRoute("/api/ticket")({
  server: { handlers: { POST: ({ request }) => memberTicket(request) } },
});
