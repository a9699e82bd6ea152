import type { Application, Applications } from "../application/applications.ts";
import type { InteractionDesk } from "../application/interaction-desk.ts";
import type { Faults } from "../fault/faults.ts";
import type { FileStore } from "../files/file-store.ts";
import type { GatewayState } from "../gateway/gateway-state.ts";
import type { BotSeat, WorldKeeper } from "../world-keeper.ts";
import type { NonceMemory } from "./message/nonce-memory.ts";
import type { RateLimits } from "./rate-limit.ts";

/** What the answers draw on. */
export interface RestContext extends RestWorld {
  /** The application that calls; the first one for calls without a token. */
  readonly application: Application;
  /** Its bot. */
  readonly seat: BotSeat;
}

/** The same for all calls. */
export interface RestWorld {
  readonly keeper: WorldKeeper;
  readonly applications: Applications;
  readonly gateway: GatewayState;
  readonly limits: RateLimits;
  readonly files: FileStore;
  readonly nonces: NonceMemory;
  readonly desk: InteractionDesk;
  readonly faults: Faults;
  readonly gatewayUrl: string;
  readonly shards: number;
  readonly callsPerSecondMax: number;
  readonly strictUserAgent: boolean;
  readonly atMs: number;
}
