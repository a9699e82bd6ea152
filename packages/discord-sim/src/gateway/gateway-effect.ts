import type { GatewayFrame } from "@guildwire/discord-wire";

/** What the core wants done, in order. The shell does it and nothing else. */
export type GatewayEffect =
  | { readonly type: "send"; readonly connection: number; readonly frame: GatewayFrame }
  /** From here on frames may be compressed one by one (Identify `compress: true`). */
  | { readonly type: "compressPayloads"; readonly connection: number }
  | {
      readonly type: "close";
      readonly connection: number;
      readonly code: number;
      readonly reason: string;
    }
  /** Destroy the TCP connection, without a Close frame and without waiting for what is under way. */
  | { readonly type: "destroy"; readonly connection: number }
  /** Neither read nor write any more, and leave the TCP connection open. */
  | { readonly type: "freeze"; readonly connection: number };
