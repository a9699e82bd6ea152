export { AUTH_SUBS_MAX, type ClientFrame, readClientFrame } from "./client-message.ts";
export { HubCloseCode } from "./close-code.ts";
export {
  AUTH_WITHIN_MS,
  type AuthMessage,
  CLIENT_FRAME_BYTES_MAX,
  type Connection,
  type ConnectionEffect,
  type ConnectionInput,
  type ConnectionRules,
  type ConnectionStep,
  EXPIRY_GRACE_MS,
  type Grant,
  type GrantOutcome,
  openConnection,
  TOPICS_PER_CONNECTION_MAX,
  type TopicAdmission,
  type TopicAnswer,
  UnsubscribedCode,
} from "./connection.ts";
export { step as stepConnection } from "./connection-step.ts";
export { delegatingEngine } from "./delegating-engine.ts";
export { type Delta, squashDeltas } from "./delta.ts";
export { digestOf, digestWith, digestWithout, entryDigest, h32 } from "./digest.ts";
export { createMemoryEngine, type MemoryEngineOptions } from "./memory-engine.ts";
export {
  type ClientMessage,
  type ErrorCode,
  PROTOCOL_VERSION,
  type ResyncReason,
  type ServerMessage,
  SUBPROTOCOL,
  type SubscribeRequest,
} from "./message.ts";
export { MESSAGES_BURST, MESSAGES_PER_SECOND } from "./message-budget.ts";
export type { Entry, Op } from "./op.ts";
export type { Position } from "./position.ts";
export {
  detached,
  emptyReplica,
  type Replica,
  type ReplicaEffect,
  type ReplicaStep,
  type ReplicaSync,
  receive,
  replicaFrom,
  startAgain,
  type TopicMessage,
  withoutPosition,
} from "./replica.ts";
export { sameValue } from "./same-value.ts";
export { snapshotPages } from "./snapshot-pages.ts";
export {
  type DeltaFrame,
  framesAfter,
  readingSubscription,
  type Subscription,
  withBuffered,
} from "./subscription.ts";
export {
  type CommitOutcome,
  type CommittedDelta,
  type EngineCapabilities,
  EngineUnavailableError,
  type SourceCommit,
  type SourceCursor,
  type SourceRecord,
  type TopicChange,
  type TopicEngine,
  type TopicListener,
} from "./topic-engine.ts";
export { createTopicListeners, type TopicListeners } from "./topic-listeners.ts";
export {
  createTopicLog,
  DELTA_OPS_MAX,
  type PlannedCommit,
  planRestart,
  RING_AGE_MAX_MS,
  RING_DELTAS_MAX,
  type RingDelta,
  type Since,
  type StoredTopic,
  type TopicLog,
  type TopicSnapshot,
  withoutRing,
} from "./topic-log.ts";
