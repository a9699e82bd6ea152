import type { Clock, Secret } from "@guildwire/runtime";
import type { LimiterEvent } from "../limiter/effect.ts";
import type { RestLimits } from "../limiter/limits.ts";
import type { RestMemory } from "./rest-memory.ts";
import type { Transport } from "./transport.ts";

/** For logs and metrics. Routes are templates: no ids, no tokens. */
export type RestEvent =
  | LimiterEvent
  /** One request that went out, or could not. `result`: Discord's status, or why there is none. */
  | {
      readonly type: "attempt";
      readonly route: string;
      readonly attempt: number;
      readonly result: number | "notSent" | "unknown" | "abandoned";
      readonly durationMs: number;
    }
  /** Nothing was stored; the count of invalid requests is that of this process alone after a restart. */
  | { readonly type: "memoryFailed"; readonly cause: unknown };

export interface RestClientOptions {
  /** With the version, such as `https://discord.com/api/v10`. */
  readonly apiUrl: string;
  /** `null`: for answers to interactions only. */
  readonly token: Secret | null;
  /** In the form that Discord requires: `DiscordBot (<url>, <version>)`. */
  readonly userAgent: string;
  /** Without it, nothing outlives a restart. */
  readonly memory?: RestMemory;
  readonly limits?: Partial<RestLimits>;
  readonly onEvent?: (event: RestEvent) => void;
  readonly clock?: Clock;
  /** From 0 to below 1. */
  readonly random?: () => number;
  /** Without it, connections of its own. `undiciTransport(origin, agent)` goes through a proxy's agent. */
  readonly transport?: Transport;
}
