export type { Clock } from "@guildwire/runtime/clock";
export type { Compression } from "./connection/compression.ts";
export type { DispatchBatch } from "./connection/delivery-queue.ts";
export type { DispatchFilter } from "./connection/frame-scan.ts";
export type { FetchGatewayBot } from "./connection/gateway-address.ts";
export { GatewayClient, type GatewayStatus } from "./connection/gateway-client.ts";
export type {
  GatewayClientOptions,
  GatewayEvent,
  StoredSession,
} from "./connection/gateway-client-options.ts";
export { createIdentifyQueue, type IdentifyQueue } from "./connection/identify-queue.ts";
export type { RawDispatch } from "./connection/incoming.ts";
export { ShardGroup, type ShardGroupOptions, type ShardGroupOutcome } from "./connection/shard-group.ts";
export {
  type GatewaySocket,
  type OpenSocket,
  openWebSocket,
  type SocketListener,
  type SocketMessage,
  webSocketOpener,
} from "./connection/socket.ts";
export { type TypedDispatch, typedDispatch } from "./connection/typed-dispatch.ts";
export type { SessionEvent } from "./session/effect.ts";
export type { CommandPayload, DialFailure } from "./session/input.ts";
export type { Fault, StateName } from "./session/state.ts";
export { DEFAULT_TIMING, type SessionTiming } from "./session/timing.ts";
