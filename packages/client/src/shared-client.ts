/**
 * One connection per page, whoever on it asks: widgets and providers that name the same hub get the same client. A
 * client that nobody listens to has no socket and no timer, so it may stay.
 */
import { createHubClient, type HubClient, type HubClientOptions } from "./hub-client.ts";

type Ticket = NonNullable<HubClientOptions["ticket"]>;

const open = new Map<string, HubClient>();
const withTicket = new WeakMap<Ticket, Map<string, HubClient>>();

/**
 * The page's client of this hub; with a `ticket`, the one of that function. On a server each call makes another, so that
 * no visitor sees what another's page was rendered from.
 */
export function sharedHubClient(url: string, ticket?: Ticket): HubClient {
  if (typeof window === "undefined") return createHubClient({ url, ...(ticket && { ticket }) });
  const clients = ticket === undefined ? open : (withTicket.get(ticket) ?? new Map<string, HubClient>());
  if (ticket !== undefined) withTicket.set(ticket, clients);
  const client = clients.get(url) ?? createHubClient({ url, ...(ticket && { ticket }) });
  clients.set(url, client);
  return client;
}
