import type { GatewayFrame, Snowflake } from "@guildwire/discord-wire";
import type { VoiceRequest } from "../world/voice/bot-voice.ts";
import type { OwnPresence } from "./own-state.ts";

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
  /** The bot shows itself so in all servers of the shard. */
  | ({
      readonly type: "showPresence";
      readonly connection: number;
      readonly botId: Snowflake;
      readonly shard: readonly [id: number, count: number] | undefined;
    } & OwnPresence)
  /** The bot joins, moves or leaves voice. */
  | {
      readonly type: "connectVoice";
      readonly connection: number;
      readonly botId: Snowflake;
      readonly guildId: Snowflake;
      readonly request: VoiceRequest;
    }
  /** Neither read nor write any more, and leave the TCP connection open. */
  | { readonly type: "freeze"; readonly connection: number };
