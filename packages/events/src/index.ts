export {
  DELIVERY_BODY_BYTES_MAX,
  DELIVERY_EVENTS_MAX,
  type Delivery,
  type DeliveryOutcome,
  deliverySchema,
  type ReceivedDelivery,
  readDelivery,
  type UnknownEvent,
} from "./delivery.ts";
export {
  type Category,
  type Compacted,
  EVENT_DATA,
  type EventData,
  type EventType,
  type Guild,
  type GuildwireEvent,
  type Happening,
  isEventType,
  type Occupant,
  type Room,
  SNAPSHOT_BYTES_MAX,
  SNAPSHOT_PARTS_MAX,
  type SourceStatus,
  type User,
  type VoiceFlags,
} from "./event.ts";
export { PARKED_EVENT_TYPE, type ParkedEvent, parkedEventSchema } from "./parked-event.ts";
export { readSecrets, type SecretsOutcome } from "./secret.ts";
export {
  type DeliveryHeaders,
  REPLAY_WINDOW_S,
  type SignedParts,
  signDelivery,
  type VerifyOutcome,
  type VerifyProblem,
  verifyDelivery,
  WEBHOOK_HEADERS,
} from "./signature.ts";
export {
  STREAM_FAMILIES,
  STREAM_ID,
  type StreamFamily,
  type StreamFamilyRules,
  type StreamSubject,
  streamId,
  streamSubject,
} from "./stream.ts";
export {
  AUTHORIZATION_S,
  AUTHORIZATION_S_MAX,
  mintTicket,
  signTicket,
  TICKET_AGE_MAX_S,
  TICKET_CHARACTERS_MAX,
  type TicketClaims,
  type TicketKind,
  type TicketOutcome,
  type TicketProblem,
  type TicketWish,
  verifyTicket,
} from "./ticket.ts";
