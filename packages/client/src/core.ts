/** `@guildwire/client/core`: the connection and topics of any kind. Features such as the rooms build on it. */
export type { Clock } from "./clock.ts";
export type { Handoff, Seen } from "./connection-state.ts";
export {
  createHubClient,
  type HubClient,
  type HubClientOptions,
  type SocketConstructor,
  type SocketLike,
} from "./hub-client.ts";
export type { HubStatus } from "./hub-status.ts";
export type { PageSignal, PageSignals } from "./page-signals.ts";
export { sharedHubClient } from "./shared-client.ts";
export type { Store } from "./store.ts";
export type { TopicSnapshot, TopicStore, TopicSync } from "./topic-store.ts";
