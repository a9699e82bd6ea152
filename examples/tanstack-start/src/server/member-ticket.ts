/**
 * For an app that shows a hub's rooms instead of keeping them: a ticket for a logged-in member. `memberOf` is where this
 * app's own login comes in; here nobody is logged in.
 */
import { mintTicket, readSecrets } from "@guildwire/receiver";

interface Member {
  readonly id: string;
}

function memberOf(_request: Request): Member | undefined {
  return undefined;
}

export function memberTicket(request: Request): Response {
  const member = memberOf(request);
  if (member === undefined) return new Response("log in first\n", { status: 401 });
  const secrets = readSecrets(process.env["HUB_TICKET_SECRET"] ?? "");
  const key = secrets.ok ? secrets.keys[0] : undefined;
  if (key === undefined) return new Response("HUB_TICKET_SECRET is missing\n", { status: 500 });
  const origin = request.headers.get("origin") ?? undefined;
  return new Response(mintTicket({ views: ["members"], sub: member.id, ...(origin && { origin }) }, key));
}
