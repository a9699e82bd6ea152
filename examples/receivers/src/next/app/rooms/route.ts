import { rooms } from "../../receiver.ts";

export const dynamic = "force-dynamic";

export function GET(): Response {
  return Response.json(rooms().rooms());
}
