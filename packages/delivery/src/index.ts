export type { Cursor, Jump, JumpReason } from "./cursor.ts";
export { Delivery, type DeliveryEvents, type DeliveryOptions } from "./delivery.ts";
export type { StreamOwner } from "./log.ts";
export {
  exceededBound,
  type OutboxBound,
  type OutboxBounds,
  type OutboxDepth,
  oldestAgeS,
} from "./outbox-bounds.ts";
export type { OutboxView, StreamView } from "./outbox-view.ts";
export { HEARTBEAT_AFTER_MS, type ReceiverDelivery, type ReceiverOptions } from "./receiver-delivery.ts";
export type { Attempt } from "./sending/attempt.ts";
export { type Batch, composeBatch } from "./sending/batch.ts";
export { createHttpClient, type HttpClient, type Proxies } from "./sending/http-client.ts";
export type { SnapshotRange, StreamStatus } from "./sending/log-access.ts";
export type { ShardStatus } from "./sending/message.ts";
export { type PingOutcome, ping } from "./sending/ping.ts";
export {
  createPost,
  type Destination,
  describe,
  type Message,
  type Post,
  type Reply,
  signedHeaders,
} from "./sending/post.ts";
export { type RenderedEvent, rendered } from "./sending/rendering.ts";
export { type Answer, type Outcome, outcomeOf } from "./settling/outcome.ts";
export type * from "./store/delivery-store.ts";
export { GroupCommit } from "./store/group-commit.ts";
export { SqliteLog } from "./store/sqlite-log.ts";
export { SQLITE_LOG_SCHEMA } from "./store/sqlite-statements.ts";
export { createSqliteStore, inTransaction } from "./store/sqlite-store.ts";
export {
  LANES,
  type LaneName,
  STREAM_ID,
  type Stream,
  type StreamDefinition,
  type StreamKind,
} from "./stream.ts";
