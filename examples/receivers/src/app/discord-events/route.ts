/** The deliveries taken by a route handler of Next.js: a function of `Request` to `Response`. */
import { receive } from "../../next-receiver";

// SQLite and node:crypto need Node, not the edge; and no answer of this route may be kept.
export const runtime = "nodejs";
export const dynamic = "force-dynamic";

export async function POST(request: Request): Promise<Response> {
  return await receive(request);
}
