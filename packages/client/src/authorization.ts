/** Tickets while a connection lives: what the hub says of the authorization, and going on with a new one. */
import { PROTOCOL_VERSION, type ServerMessage } from "@guildwire/live";
import type { ClientState, ClientStep } from "./connection-state.ts";

/** What this client calls itself, for the hub's statistics. */
export const SDK = "ts/0.1.0";
/** How much of an authorization is used before the next ticket is fetched. */
const REFRESH_AT = 0.8;
/** Until a ticket that could not be had is fetched again, or twice as long. */
const REFRESH_AGAIN_MS = 5_000;
/** The longest a timer waits; a longer one would fire at once. */
const TIMER_MS_MAX = 2 ** 31 - 1;

/** What the hub says of the authorization, at the start and after each new ticket. */
export function authorized(
  state: ClientState,
  message: Extract<ServerMessage, { readonly t: "hi" }>,
): ClientStep {
  const next: ClientState = { ...state, resume: message.resume ?? null, refreshId: null };
  if (message.exp === undefined) return { state: next, effects: [] };
  const leftMs = Math.max(0, message.exp * 1_000 - message.now);
  const afterMs = Math.min(Math.round(leftMs * REFRESH_AT), TIMER_MS_MAX);
  return { state: next, effects: [{ type: "startTimer", timer: "refresh", afterMs }] };
}

export function onTicketFetched(
  state: ClientState,
  { ticket, roll }: { readonly ticket: string | undefined; readonly roll: number },
): ClientStep {
  if (state.connection.name !== "live") return { state, effects: [] };
  if (ticket === undefined) return refreshLater(state, roll);
  const id = state.nextId;
  const message = { t: "auth", id, v: PROTOCOL_VERSION, sdk: SDK, ticket } as const;
  return { state: { ...state, nextId: id + 1, refreshId: id }, effects: [{ type: "send", message }] };
}

/** The hub could not take the new ticket just now: the old one may last until it can. */
export function onRefreshRefused(state: ClientState, retry: boolean, roll: number): ClientStep {
  const answered: ClientState = { ...state, refreshId: null };
  return retry ? refreshLater(answered, roll) : { state: answered, effects: [] };
}

function refreshLater(state: ClientState, roll: number): ClientStep {
  const afterMs = Math.round(REFRESH_AGAIN_MS * (1 + roll));
  return { state, effects: [{ type: "startTimer", timer: "refresh", afterMs }] };
}
