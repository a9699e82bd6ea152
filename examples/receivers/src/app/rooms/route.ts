import { rooms } from "../../next-receiver";

export const dynamic = "force-dynamic";

export function GET(): Response {
  return Response.json(rooms().rooms());
}
