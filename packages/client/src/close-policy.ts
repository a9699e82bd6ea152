/**
 * What a browser does about each way a connection can end. The ranges are the contract: 41xx come back, 44xx stop
 * unless listed, everything else is the network's doing.
 */
import { HubCloseCode } from "@guildwire/live";

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

const ACTIONS: Readonly<Record<number, CloseAction>> = {
  [HubCloseCode.StateInvalidated]: "forget",
  [HubCloseCode.AuthorizationExpired]: "reauthorize",
  [HubCloseCode.TicketInvalid]: "newTicket",
  [HubCloseCode.AuthTimeout]: "resume",
  /** Message too big, said by the WebSocket layer: the same frame would come again. */
  1009: "stop",
};

export function closeAction(code: number): CloseAction {
  return ACTIONS[code] ?? (code >= 4400 && code < 4500 ? "stop" : "resume");
}

const REASONS: Readonly<Record<number, string>> = {
  [HubCloseCode.MalformedFrame]: "the hub could not read what this page sent",
  [HubCloseCode.TicketInvalid]: "the hub does not accept this page's ticket",
  [HubCloseCode.Forbidden]: "the hub does not allow this page",
  [HubCloseCode.TooManyConnections]: "too many connections are open",
  [HubCloseCode.FrameTooLarge]: "a message was too large",
  [HubCloseCode.VersionNotSpoken]: "the hub has been updated: reload the page",
  1009: "a message was too large",
  1000: "closed by the page",
};

/** A line for a person. */
export function stopReason(code: number): string {
  return REASONS[code] ?? `the hub closed the connection (${code})`;
}
