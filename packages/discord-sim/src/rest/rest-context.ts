import type { Faults } from "../fault/faults.ts";
import type { GatewayState } from "../gateway/gateway-state.ts";
import type { WorldKeeper } from "../world-keeper.ts";
import type { RateLimits } from "./rate-limit.ts";

/** What the answers draw on. */
export interface RestContext {
  readonly keeper: WorldKeeper;
  readonly gateway: GatewayState;
  readonly limits: RateLimits;
  readonly faults: Faults;
  readonly gatewayUrl: string;
  readonly shards: number;
  readonly callsPerSecondMax: number;
  readonly strictUserAgent: boolean;
  readonly atMs: number;
}
