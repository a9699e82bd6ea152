import { GatewayCloseCode, WebSocketCloseCode } from "@guildwire/discord-wire";
import type { Fault } from "./state.ts";

/**
 * What a Close from Discord means for the session. Rules of this file: one row per code, nothing else decides.
 *
 * Source: https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes
 * Where the documentation only says "reconnect", a Resume is tried: if Discord disagrees it costs one Invalid Session.
 */
export type CloseVerdict =
  | { readonly action: "resume" }
  | { readonly action: "identify"; readonly reason: string }
  | { readonly action: "stop"; readonly fault: Fault };

const RESUME: CloseVerdict = { action: "resume" };

export const CLOSE_POLICY: Readonly<Record<number, CloseVerdict>> = {
  [WebSocketCloseCode.Normal]: { action: "identify", reason: "closed by Discord with 1000" },
  [WebSocketCloseCode.GoingAway]: RESUME,
  [WebSocketCloseCode.Abnormal]: RESUME,
  [GatewayCloseCode.UnknownError]: RESUME,
  [GatewayCloseCode.UnknownOpcode]: RESUME,
  [GatewayCloseCode.DecodeError]: RESUME,
  [GatewayCloseCode.NotAuthenticated]: { action: "identify", reason: "not authenticated (4003)" },
  [GatewayCloseCode.AuthenticationFailed]: { action: "stop", fault: { code: "token_refused" } },
  [GatewayCloseCode.AlreadyAuthenticated]: { action: "identify", reason: "already authenticated (4005)" },
  [GatewayCloseCode.InvalidSequence]: { action: "identify", reason: "invalid sequence (4007)" },
  [GatewayCloseCode.RateLimited]: RESUME,
  [GatewayCloseCode.SessionTimedOut]: { action: "identify", reason: "session timed out (4009)" },
  [GatewayCloseCode.InvalidShard]: { action: "stop", fault: { code: "invalid_shard" } },
  [GatewayCloseCode.ShardingRequired]: { action: "stop", fault: { code: "sharding_required" } },
  [GatewayCloseCode.InvalidApiVersion]: { action: "stop", fault: { code: "invalid_api_version" } },
  [GatewayCloseCode.InvalidIntents]: { action: "stop", fault: { code: "invalid_intents" } },
  [GatewayCloseCode.DisallowedIntents]: { action: "stop", fault: { code: "disallowed_intents" } },
};

/** `code` is `null` when the connection ended without a Close frame. A code without a row may be resumed. */
export function verdictOnClose(code: number | null): CloseVerdict {
  return (code === null ? undefined : CLOSE_POLICY[code]) ?? RESUME;
}

/**
 * Codes we close with. Anything but 1000 and 1001 leaves the session resumable; the 42xx ones have no meaning to
 * Discord and tell the cause apart in a packet capture.
 */
export const OUR_CLOSE_CODE = {
  /** Destroys the session; the bot goes offline at once. */
  Final: 1000,
  Resumable: 4200,
  Zombie: 4201,
  Timeout: 4202,
  MalformedFrame: 4203,
} as const;
