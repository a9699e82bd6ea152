import { createContext, type ReactElement, type ReactNode, useContext, useState } from "react";
import { createHubClient, type HubClient } from "../hub-client.ts";

const HubContext = createContext<HubClient | null>(null);

/**
 * Gives the tree below one connection. A string is a hub's URL (`/ws` of the page's own origin, or `wss://…`); nothing
 * is opened before a hook below listens, and the socket closes by itself a moment after the last one stopped.
 */
export function HubProvider({
  hub,
  ticket,
  children,
}: {
  readonly hub: string | HubClient;
  /** Where the hub wants a ticket: fetches one from the page's own server. The first one given is the one used. */
  readonly ticket?: (() => Promise<string>) | undefined;
  readonly children: ReactNode;
}): ReactElement {
  const [own] = useState(() =>
    typeof hub === "string" ? createHubClient({ url: hub, ...(ticket && { ticket }) }) : null,
  );
  const client = typeof hub === "string" ? own : hub;
  return <HubContext.Provider value={client}>{children}</HubContext.Provider>;
}

export function useHubClient(): HubClient {
  const client = useContext(HubContext);
  if (client === null)
    throw new Error("A hook of @guildwire/client/react is used outside of a <HubProvider>.");
  return client;
}
