export {
  type DeliveryPlan,
  epochsReplaced,
  planDelivery,
  type TakenSoFar,
} from "./delivery-plan.ts";
export { fetchHandler } from "./fetch-door.ts";
export { nodeHandler } from "./node-door.ts";
export {
  type Answer,
  type Change,
  createReceiver,
  type Receiver,
  type ReceiverOptions,
  type ReceiverStore,
} from "./receiver.ts";
export type { ReceivedEvent, SnapshotPart } from "./snapshot-assembly.ts";
