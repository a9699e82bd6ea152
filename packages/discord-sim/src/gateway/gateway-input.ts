import type { Snowflake } from "@guildwire/discord-wire";
import type { Act, ActTarget } from "../fault/act.ts";
import type { Dispatch } from "../world/dispatch.ts";
import type { Door } from "./gateway-state.ts";

/** What the core hears of. `atMs` is the time of the shell's clock: the core has none. */
export type GatewayInput = { readonly atMs: number } & (
  | {
      readonly type: "opened";
      readonly connection: number;
      readonly door: Door;
      readonly query: ConnectionQuery;
      readonly resumeUrl: string;
    }
  | {
      readonly type: "received";
      readonly connection: number;
      readonly text: string;
      readonly sizeBytes: number;
    }
  /** The client closed, or the connection was lost (code 1006). */
  | { readonly type: "closed"; readonly connection: number; readonly code: number }
  /** The world changed. */
  | {
      readonly type: "said";
      readonly dispatches: readonly Dispatch[];
      /** `null` for what belongs to no server: private messages. */
      readonly guildId: Snowflake | null;
      /** The bot through whose eyes they are told; only its sessions get them. */
      readonly botId: Snowflake;
    }
  | { readonly type: "acted"; readonly act: Act; readonly target: ActTarget }
  /** A deadline (deadline.ts) may have come. */
  | { readonly type: "timePassed" }
);

/** The query string a client connects with; absent parameters are `null`. */
export interface ConnectionQuery {
  readonly v: string | null;
  readonly encoding: string | null;
  readonly compress: string | null;
}
