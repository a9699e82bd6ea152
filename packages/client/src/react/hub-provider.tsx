import { createContext, type ReactElement, type ReactNode, useContext, useMemo, useState } from "react";
import type { Handoff } from "../connection-state.ts";
import type { HubClient } from "../hub-client.ts";
import { sharedHubClient } from "../shared-client.ts";

interface Hub {
  readonly client: HubClient;
  /** For hooks that name no guild. */
  readonly guild: GuildInView | null;
}

export interface GuildInView {
  readonly guildId: string;
  readonly view: string | undefined;
  readonly initial: Handoff | undefined;
}

export interface HubProviderProps {
  /**
   * A hub's URL (`/ws` of the page's own origin, or `wss://…`): all providers of one URL share a connection. Or a client
   * of your own, which is shared with nobody you do not give it to.
   */
  readonly hub: string | HubClient;
  /** Where the hub wants a ticket: fetches one from the page's own server. The first one given is the one used. */
  readonly ticket?: (() => Promise<string>) | undefined;
  /** The guild of the hooks below that name none, and the view of it. */
  readonly guildId?: string | undefined;
  readonly view?: string | undefined;
  /** What the server rendered that guild from. */
  readonly initial?: Handoff | undefined;
  readonly children?: ReactNode;
}

const HubContext = createContext<Hub | null>(null);

/**
 * Gives the tree below a connection to a hub. Nothing is opened before a hook below listens, and the socket closes by
 * itself a moment after the last one stopped.
 */
export function HubProvider(props: HubProviderProps): ReactElement {
  const { hub, ticket, guildId, view, initial, children } = props;
  const [firstTicket] = useState(() => ticket);
  const [made] = useState(() => new Map<string, HubClient>());
  const client = typeof hub === "string" ? clientOf(made, hub, firstTicket) : hub;
  const value = useMemo<Hub>(
    () => ({ client, guild: guildId === undefined ? null : { guildId, view, initial } }),
    [client, guildId, view, initial],
  );
  return <HubContext.Provider value={value}>{children}</HubContext.Provider>;
}

/** The same client at every render; on a server it is this provider's own. */
function clientOf(
  made: Map<string, HubClient>,
  url: string,
  ticket: (() => Promise<string>) | undefined,
): HubClient {
  const client = made.get(url) ?? sharedHubClient(url, ticket);
  made.set(url, client);
  return client;
}

export function useHubClient(): HubClient {
  return useHub().client;
}

/** The guild that a hook names, or else the provider's. */
export function useGuildInView(guildId: string | undefined, view: string | undefined): GuildInView {
  const { guild } = useHub();
  if (guildId !== undefined) return { guildId, view, initial: undefined };
  if (guild === null) {
    throw new Error("No guild is named: give the hook a guildId, or the <HubProvider> above it.");
  }
  return view === undefined ? guild : { ...guild, view, initial: undefined };
}

function useHub(): Hub {
  const hub = useContext(HubContext);
  if (hub === null) throw new Error("A hook of @guildwire/client/react is used outside of a <HubProvider>.");
  return hub;
}
