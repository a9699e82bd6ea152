/** What an app that receives events needs: the receiver, and the parts of the contract that its code names. */
export {
  DELIVERY_BODY_BYTES_MAX,
  DELIVERY_EVENTS_MAX,
  type Delivery,
  type DeliveryOutcome,
  EVENT_DATA,
  type EventData,
  type EventType,
  type GuildwireEvent,
  mintTicket,
  type Occupant,
  type ReceivedDelivery,
  type Room,
  readDelivery,
  readSecrets,
  type SecretsOutcome,
  type SourceStatus,
  signDelivery,
  type TicketOutcome,
  type TicketWish,
  type User,
  type VerifyOutcome,
  type VoiceFlags,
  verifyDelivery,
  verifyTicket,
  WEBHOOK_HEADERS,
} from "@guildwire/events";
export {
  type DeliveryPlan,
  epochsReplaced,
  planDelivery,
  type TakenSoFar,
} from "./delivery-plan.ts";
export { fetchHandler } from "./fetch-handler.ts";
export { nodeHandler } from "./node-handler.ts";
export {
  type Answer,
  type Change,
  createReceiver,
  type Receiver,
  type ReceiverOptions,
  type ReceiverStore,
} from "./receiver.ts";
export type { ReceivedEvent, SnapshotPart } from "./snapshot-assembly.ts";
