/**
 * What a browser does about each way a connection can end. The ranges are the contract: 41xx come back, 44xx stop
 * unless listed, everything else is the network's doing.
 */
import type { HubCloseCode } from "@guildwire/live";

/** Of an event stream, by itself: a socket got through, so it makes way. No socket ends with this code. */
export const SOCKETS_WORK = 0;

export type CloseAction =
  /** Come back, with back-off, to where this page was. */
  | "resume"
  /** Come back, but with no positions: the hub has declared them void. */
  | "forget"
  /** Come back to where this page was, with a fresh ticket. */
  | "reauthorize"
  /** One attempt with a fresh ticket, then stop. */
  | "newTicket"
  /** Coming back would only be refused again. */
  | "stop";

/** What ends a connection besides the hub: the WebSocket layer (message too big), and the page itself. */
type Code = HubCloseCode | 1009 | 1000;

/** Numbers, which the type checks: the object of their names would be a sixtieth of what a page loads. */
const ACTIONS: Readonly<Partial<Record<Code, CloseAction>>> = {
  // State invalidated, authorization expired, ticket invalid, no `auth` in time.
  4103: "forget",
  4104: "reauthorize",
  4401: "newTicket",
  4408: "resume",
  // The same frame would come again.
  1009: "stop",
};

export function closeAction(code: number): CloseAction {
  return ACTIONS[code as Code] ?? (code >= 4400 && code < 4500 ? "stop" : "resume");
}

const REASONS: Readonly<Partial<Record<Code, string>>> = {
  4400: "the hub could not read what this page sent",
  4401: "the hub does not accept this page's ticket",
  4403: "the hub does not allow this page",
  4409: "too many connections are open",
  4413: "a message was too large",
  4426: "the hub has been updated: reload the page",
  1009: "a message was too large",
  1000: "closed by the page",
};

/** A line for a person. */
export function stopReason(code: number): string {
  return REASONS[code as Code] ?? `the hub closed the connection (${code})`;
}
